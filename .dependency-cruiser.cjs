// The machine's names and payloads, without its definition.
const MACHINE_NAMES = 'statemachine/(?!(machine|pull-build|states)\\.ts$)';

/**
 * The arrows of the house (docs/architecture.md): what each room may import, of our own files and of npm's packages.
 * `ours` are the beginnings of paths, `packages` are names, or scopes that end with a slash. test/ may import everything,
 * and bench/ what stands in test/support/.
 */
const ROOMS = {
  // A provider asks its hosts' REST API by the provider's own client.
  'events/': { ours: [], packages: ['@octokit/', 'undici', 'yaml', 'zod'] },
  'statemachine/': { ours: ['events/'], packages: ['zod'] },
  'functions/': {
    ours: ['events/', MACHINE_NAMES],
    packages: ['@aws-lambda-powertools/', '@aws-sdk/', 'aws-lambda', 'yazl', 'zod'],
  },
  'infra/': {
    ours: ['events/', 'statemachine/'],
    packages: ['@aws-cdk/', 'aws-cdk-lib', 'cdk-nag', 'constructs', 'esbuild', 'zod'],
  },
  // It speaks the wire protocols of AWS and knows neither AWS's clients nor what made the assembly.
  'local/': {
    ours: [],
    packages: [
      'dynalite',
      'fast-xml-parser',
      'fastify',
      'jsonpath-plus',
      'lmdb',
      'velocityjs',
      'yaml',
      'yauzl',
      'yazl',
      'zod',
    ],
  },
  'githost/': { ours: [], packages: ['fastify', 'zod'] },
  'operate/': { ours: ['events/', MACHINE_NAMES], packages: ['@aws-sdk/', 'yauzl', 'zod'] },
  'cli/': {
    ours: ['console/server/', 'events/', 'githost/', 'local/', 'operate/'],
    packages: ['commander', 'esbuild', 'execa', 'fastify', 'log-update', 'tsx', 'zod'],
  },
  'console/api': { ours: ['events/', 'operate/'], packages: [] },
  'console/server/': {
    ours: ['console/api\\.ts$', 'events/', 'operate/', MACHINE_NAMES],
    packages: ['@fastify/', 'elkjs', 'fastify', 'zod'],
  },
  'console/page/': {
    ours: ['console/api\\.ts$', 'operate/', 'statemachine/outcomes\\.ts$'],
    packages: ['@tanstack/', '@xyflow/', 'react', 'react-dom'],
  },
  'bench/': {
    ours: ['cli/', 'operate/', MACHINE_NAMES],
    packages: [
      '@aws-sdk/client-cloudwatch-logs',
      '@aws-sdk/client-codepipeline',
      '@aws-sdk/client-sfn',
      '@octokit/webhooks-examples',
      'execa',
      'playwright-core',
      'undici',
      'zod',
    ],
  },
};

const OURS = '^(events|statemachine|functions|infra|local|githost|operate|cli|console|bench)/';

// What may be entered of local/ from outside.
const LOCAL_FACE = '^local/index\\.ts$';

// The page's bundle holds these: what they imported at run time would be in it too.
const CARRIED_BY_PAGE = '^(console/api[/a-z]*|operate/format|statemachine/(errors|outcomes))\\.ts$';

// CloudFormation tells of the stacks that the assembly deploys, whose types stand there.
const STACKS = ['^local/assembly/deployed-stack\\.ts$'];

const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to,
});

/** A package's path below node_modules/, that of its types, or its mere name where only types are installed. */
const packagePath = (name) => `(^|node_modules/)(@types/)?${name.replace(/\/$/, '')}(/|$)`;

/** The two rules of a room. */
function roomRules([room, { ours, packages }]) {
  const name = room.replace(/(\.ts|\/)$/, '').replace('/', '-');
  return [
    forbid(
      `no-other-room-in-${name}`,
      `of our own, ${room} may import ${ours.join(', ') || 'nothing else'}: move the code to where both may look`,
      `^${room}`,
      { path: OURS, pathNot: [room, ...ours].map((path) => `^${path}`) },
    ),
    forbid(
      `no-other-package-in-${name}`,
      `of npm, ${room} may import ${packages.join(', ') || 'nothing'}: a package that belongs there is added to ROOMS`,
      `^${room}`,
      { dependencyTypesNot: ['local', 'core'], pathNot: packages.map(packagePath) },
    ),
  ];
}

module.exports = {
  forbidden: [
    ...Object.entries(ROOMS).flatMap(roomRules),
    forbid(
      'no-lambda-to-lambda',
      'a Lambda shares functions/shared/ with the others, and nothing else',
      '^functions/([^/]+)/',
      { path: '^functions/', pathNot: '^functions/($1|shared)/' },
    ),
    forbid(
      'no-node-in-page',
      "the page runs in a browser, which has none of Node's modules",
      '^console/page/',
      {
        dependencyTypes: ['core'],
      },
    ),
    forbid(
      'only-types-into-page',
      'of operate/ the page takes types and format.ts: its server asks AWS',
      '^console/page/',
      { path: '^operate/', pathNot: '^operate/format\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'only-types-into-what-page-carries',
      'what this file imports at run time would be in the bundle of the page',
      CARRIED_BY_PAGE,
      { pathNot: CARRIED_BY_PAGE, dependencyTypesNot: ['type-only'] },
    ),
    forbid('only-the-face-of-local', 'the rest of local/ is its own affair', '^(?!local/|test/)', {
      path: '^local/',
      pathNot: LOCAL_FACE,
    }),
    forbid(
      'no-service-to-service',
      'a service of local/ enters another through local/core/, as a client of AWS would',
      '^local/services/(?!index\\.ts$)([^/.]+)',
      { path: '^local/', pathNot: ['^local/(core|http)/', '^local/services/$1[/.]', ...STACKS] },
    ),
    forbid(
      'no-circular',
      'a circle, of types too, has no beginning: move what both need to a third file',
      '',
      {
        circular: true,
      },
    ),
    forbid('not-to-test', 'what runs knows nothing of what tries it', '^(?!test/|bench/)', {
      path: '^test/',
    }),
    forbid('harnesses-in-test-support', 'what several tests use stands in test/support/', '^(test|bench)/', {
      path: '^test/',
      pathNot: '^test/support/',
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What builds the page runs in Node, and what is built is no source.
    exclude: { path: '^console/(dist/|page/vite\\.config\\.ts$)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
