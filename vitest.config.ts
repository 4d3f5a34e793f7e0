import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// What runs the cloud assembly needs it made first; the rest starts at once.
const ASSEMBLED = [
  'test/e2e/**/*.test.ts',
  'test/infra/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/operate/**/*.test.ts',
  'test/docs/**/*.test.ts',
];

const shared = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
};

export default defineConfig({
  test: {
    // Most tests wait for processes of their own, so no core is kept back for the runner.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/**/*.test.ts'], exclude: ASSEMBLED } },
      {
        test: {
          ...shared,
          name: 'assembled',
          include: ASSEMBLED,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
  },
});
