import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { notice, unmet } from './test/support/needs.ts';

// What takes long, and tries again at length what the other tests have shown at one example: npm run test:long.
const LONG = '.long.test.ts';
// A static check: the CDK's own command writes the template, and cdk-nag looks at it (npm run check:template).
const TEMPLATE = 'test/infra/**/*.template.test.ts';

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
// The git host starts many programs, and a small process starts one several times as fast as a large one.
const ISOLATED = ['test/functions/', 'test/statemachine/', 'test/githost/'];

// A machine with only Node, git and bash runs what it can and is told the rest; CI runs everything.
const missing = unmet();
const notices = missing.map(notice);
if (process.env.CI && missing.length > 0) throw new Error(notices.join('\n'));
if (missing.length > 0) process.stderr.write(`${notices.map((text) => `\n  NOT RUN: ${text}`).join('')}\n\n`);
const NOT_RUN = missing.flatMap(({ files }) => files);

const testsIn = (folders: readonly string[], suffix = '.test.ts'): string[] =>
  folders.map((folder) => `${folder}**/*${suffix}`);

export default defineConfig(({ mode }) => {
  const long = mode === 'long';
  /** The tests of folders, in either mode those that belong to it. */
  const project = (name: string, folders: readonly string[], options: object = {}) => ({
    test: {
      name,
      include: testsIn(folders, long ? LONG : undefined),
      exclude: [TEMPLATE, ...NOT_RUN, ...(long ? [] : testsIn(['test/'], LONG))],
      setupFiles: ['test/support/patience.ts'],
      testTimeout: 300_000,
      hookTimeout: 300_000,
      // Half as many collections of what dies young.
      execArgv: ['--max-semi-space-size=64'],
      env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      ...options,
    },
  });
  const assembled = { isolate: false, globalSetup: ['test/support/global-setup.ts'] };
  const others = [...ASSEMBLED, ...BROWSER, ...ISOLATED];
  return {
    test: {
      globalSetup: ['test/support/temporary-folder.ts'],
      // Most tests wait for processes of their own, so no core is kept back for the runner, and one test more runs than there are.
      maxWorkers: Math.max(2, availableParallelism()) + (long ? 0 : 1),
      passWithNoTests: long,
      projects: [
        project('unit', ['test/'], {
          isolate: false,
          exclude: [TEMPLATE, ...testsIn(others), ...NOT_RUN, ...(long ? [] : testsIn(['test/'], LONG))],
        }),
        project('isolated', ISOLATED),
        project('template', [], {
          isolate: false,
          globalSetup: ['test/support/variants/global-setup.ts'],
          include: long ? [] : [TEMPLATE],
          exclude: NOT_RUN,
        }),
        project('assembled', ASSEMBLED, assembled),
        project('browser', BROWSER, assembled),
      ],
    },
  };
});
