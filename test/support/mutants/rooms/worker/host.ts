import { it } from 'vitest';

// The runner of this file does the work when the file is over: a worker has to have a test.
it('has a worker', () => undefined);
