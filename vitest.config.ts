import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { findChromium, INSTALL_CHROMIUM } from './test/support/chromium.ts';

// What runs the cloud assembly needs it made first; the rest starts at once.
const ASSEMBLED = [
  'test/e2e/**/*.test.ts',
  'test/infra/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/console/server/**/*.test.ts',
  'test/operate/**/*.test.ts',
  'test/docs/**/*.test.ts',
];

// A function keeps its clients and settings in its module, as it does on AWS: each of these files has modules of its own.
const FUNCTIONS = ['test/functions/**/*.test.ts', 'test/statemachine/**/*.test.ts'];

const BROWSER = ['test/browser/**/*.test.ts'];

const browser = findChromium() !== undefined;
if (!browser) {
  const why = `there is no Chromium here, so the tests of the console in a browser are not run: ${INSTALL_CHROMIUM}`;
  if (process.env.CI) throw new Error(why);
  process.stderr.write(`\n  NOT RUN: ${why}\n\n`);
}

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
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...ASSEMBLED, ...BROWSER, ...FUNCTIONS],
          isolate: false,
        },
      },
      { test: { ...shared, name: 'functions', include: FUNCTIONS } },
      {
        test: {
          ...shared,
          name: 'assembled',
          include: ASSEMBLED,
          isolate: false,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
      ...(browser
        ? [
            {
              test: {
                ...shared,
                name: 'browser',
                include: BROWSER,
                isolate: false,
                globalSetup: ['test/support/global-setup.ts'],
              },
            },
          ]
        : []),
    ],
  },
});
