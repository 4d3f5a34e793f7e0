import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { notice, unmet } from './test/support/needs.ts';

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

// A static check: the CDK's own command writes the template, and cdk-nag looks at it (npm run check:template).
const TEMPLATE = ['test/template/**/*.test.ts'];

// A machine with only Node, git and bash runs what it can and is told the rest; CI runs everything.
const missing = unmet();
const notices = missing.map(notice);
if (process.env.CI && missing.length > 0) throw new Error(notices.join('\n'));
if (missing.length > 0) process.stderr.write(`${notices.map((text) => `\n  NOT RUN: ${text}`).join('')}\n\n`);
const NOT_RUN = missing.flatMap(({ files }) => files);

const shared = {
  // Half as many collections of what dies young.
  execArgv: ['--max-semi-space-size=64'],
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
          exclude: [...ASSEMBLED, ...BROWSER, ...FUNCTIONS, ...TEMPLATE, ...NOT_RUN],
          isolate: false,
        },
      },
      { test: { ...shared, name: 'functions', include: FUNCTIONS, exclude: NOT_RUN } },
      { test: { ...shared, name: 'template', include: TEMPLATE } },
      {
        test: {
          ...shared,
          name: 'assembled',
          include: ASSEMBLED,
          exclude: NOT_RUN,
          isolate: false,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          include: BROWSER,
          exclude: NOT_RUN,
          isolate: false,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
  },
});
