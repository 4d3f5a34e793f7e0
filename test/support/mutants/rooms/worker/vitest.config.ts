import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** One worker, which runs whatever test file its job names, again and again. */
export default defineConfig({
  root: at('../../../../..'),
  test: {
    include: ['test/support/mutants/rooms/worker/host.ts'],
    runner: at('runner.ts'),
    setupFiles: ['test/support/patience.ts'],
    pool: 'forks',
    isolate: false,
    fileParallelism: false,
    disableConsoleIntercept: true,
    dangerouslyIgnoreUnhandledErrors: true,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
