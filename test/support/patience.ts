import { vi } from 'vitest';

// A test waits for a condition and not for seconds: a busy machine is late, and only what never comes is a failure.
const PATIENCE = { timeout: 120_000 };

const { waitFor } = vi;
// The files of a worker share the module `vi`: the second of them finds it patient already.
if (waitFor.name !== 'patiently')
  vi.waitFor = function patiently(callback, options) {
    return waitFor(callback, typeof options === 'number' ? options : { ...PATIENCE, ...options });
  };
