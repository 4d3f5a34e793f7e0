import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { notice, unmet } from './test/support/needs.ts';

// What takes long, and tries again at length what the other tests have shown at one example: npm run test:long.
const LONG = [
  'test/cli/completion.test.ts',
  'test/cli/shells.test.ts',
  'test/cli/up/synthesis.test.ts',
  'test/docs/pages.test.ts',
  'test/docs/readme.test.ts',
  'test/e2e/aws-cli.test.ts',
  'test/e2e/crash.test.ts',
  'test/e2e/examples.test.ts',
  'test/e2e/hostile.test.ts',
  'test/e2e/large.test.ts',
  'test/e2e/live-rules.test.ts',
  'test/e2e/outcomes.test.ts',
  'test/e2e/replay-new-rule.test.ts',
  'test/e2e/rules.test.ts',
  'test/e2e/ssh.test.ts',
  'test/e2e/up.test.ts',
  'test/functions/order.test.ts',
  'test/functions/pull/failures.test.ts',
  'test/functions/pull/options.test.ts',
  'test/functions/pull/ssh.test.ts',
];

// What runs the cloud assembly needs it made first; the rest starts at once.
const ASSEMBLED = [
  'test/e2e/',
  'test/infra/',
  'test/cli/',
  'test/console/server/',
  'test/operate/',
  'test/docs/',
];
const BROWSER = ['test/browser/'];
// A function keeps its clients and settings in its module, as it does on AWS: each of these files has modules of its own.
const FUNCTIONS = ['test/functions/', 'test/statemachine/'];
// A static check: the CDK's own command writes the template, and cdk-nag looks at it (npm run check:template).
const TEMPLATE = ['test/template/'];

// A machine with only Node, git and bash runs what it can and is told the rest; CI runs everything.
const missing = unmet();
const notices = missing.map(notice);
if (process.env.CI && missing.length > 0) throw new Error(notices.join('\n'));
if (missing.length > 0) process.stderr.write(`${notices.map((text) => `\n  NOT RUN: ${text}`).join('')}\n\n`);
const NOT_RUN = missing.flatMap(({ files }) => files);

const testsIn = (folders: readonly string[]): string[] => folders.map((folder) => `${folder}**/*.test.ts`);

export default defineConfig(({ mode }) => {
  const long = mode === 'long';
  /** The tests of folders, in either mode those that belong to it. */
  const project = (name: string, folders: readonly string[], options: object = {}) => ({
    test: {
      name,
      include: long
        ? LONG.filter((file) => folders.some((folder) => file.startsWith(folder)))
        : testsIn(folders),
      exclude: long ? NOT_RUN : [...LONG, ...NOT_RUN],
      testTimeout: 60_000,
      hookTimeout: 120_000,
      // Half as many collections of what dies young.
      execArgv: ['--max-semi-space-size=64'],
      env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      ...options,
    },
  });
  const assembled = { isolate: false, globalSetup: ['test/support/global-setup.ts'] };
  const others = [...ASSEMBLED, ...BROWSER, ...FUNCTIONS, ...TEMPLATE];
  return {
    test: {
      // Most tests wait for processes of their own, so no core is kept back for the runner.
      maxWorkers: Math.max(2, availableParallelism()),
      passWithNoTests: long,
      projects: [
        project('unit', ['test/'], {
          isolate: false,
          include: long ? [] : ['test/**/*.test.ts'],
          exclude: [...testsIn(others), ...LONG, ...NOT_RUN],
        }),
        project('functions', FUNCTIONS),
        project('template', long ? [] : TEMPLATE),
        project('assembled', ASSEMBLED, assembled),
        project('browser', BROWSER, assembled),
      ],
    },
  };
});
