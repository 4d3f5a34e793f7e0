/** The arrows of the house (docs/architecture.md): which folder may import which. */
const only = (from, ...allowed) => ({
  name: `${from}-imports-only-${allowed.join('-') || 'nothing-of-ours'}`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: {
    path: '^(events|functions|statemachine|infra|local|githost|operate|cli|console|test|bench)/',
    pathNot: [`^${from}/`, ...allowed.map((path) => `^${path}`)],
  },
});

module.exports = {
  forbidden: [
    only('events'),
    only('functions', 'events/', 'statemachine/(errors|machine-input|outcomes|payloads|pull-exports).ts'),
    only('statemachine', 'events/'),
    only('infra', 'statemachine/', 'events/'),
    only('local'),
    only('githost'),
    only('operate', 'events/', 'statemachine/(delivery-record|outcomes).ts'),
    only('cli', 'events/', 'operate/', 'local/', 'githost/', 'console/server/'),
    only('console', 'operate/', 'events/rule-(problem|text).ts', 'statemachine/outcomes.ts'),
    only('bench', 'operate/', 'cli/', 'test/support/'),
    {
      name: 'local-by-its-face',
      comment: 'other rooms know of local/ what local/index.ts exports',
      severity: 'error',
      from: { path: '^(events|functions|statemachine|infra|githost|operate|cli|console|bench)/' },
      to: { path: '^local/', pathNot: '^local/index\\.ts$' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'not-to-test', severity: 'error', from: { pathNot: '^(test|bench)/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^console/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
};
