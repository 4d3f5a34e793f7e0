import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { MAX_RULES } from '../../events/deployment-limits.ts';
import { checkRule, checkRules, parseRule, readRules, ruleFiles } from '../../events/rule-file.ts';
import { eventPattern, ruleOptions } from '../../events/rule-input.ts';
import { RuleFileError } from '../../events/rule-problem.ts';
import { temporaryFolder } from '../../local/testing.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const parse = (text: string, file = 'rules/acme.yaml') => parseRule(text, file);
const minimal = 'description: all\nmatch:\n  event: [push]\n';

it('one of more rules than a stack holds is refused in words of ours', () => {
  const many = join(folder.path, 'many');
  mkdirSync(many);
  for (let n = 0; n <= MAX_RULES; n++) writeFileSync(join(many, `r${n}.yaml`), minimal);
  expect(checkRules(many).problems).toMatchObject([
    { message: expect.stringMatching(/181 rules, .* holds 180/) },
  ]);
  rmSync(join(many, 'r0.yaml'));
  expect(checkRules(many).problems).toEqual([]);
});

describe('rules that are right one by one', () => {
  const folderOf = (name: string, count: number, options: (n: number) => string): string => {
    const path = join(folder.path, name);
    mkdirSync(path);
    for (let n = 0; n < count; n++) writeFileSync(join(path, `r${n}.yaml`), minimal + options(n));
    return path;
  };
  const problemsOf = (path: string) => checkRules(path).problems.map(({ message }) => message);
  const branch = (n: number, role: string) => `pipeline: { template: t${n}, each: branch, role: ${role} }\n`;

  it('are refused when they name more templates and roles than the policies of a role hold', () => {
    expect(problemsOf(folderOf('roles', 73, (n) => branch(n, `role${n}`)))).toEqual([
      expect.stringMatching(/name 365 pipelines and roles, .* hold 360: .* share a template/),
    ]);
    expect(problemsOf(folderOf('one-role', 73, (n) => branch(n, 'role')))).toEqual([]);
  });

  it('are refused when they name more pipelines for the end', () => {
    const ends = (n: number) =>
      `pipeline: p${n}\non-delete: { pipeline: d${n} }\non-close: { pipeline: c${n % 2} }\n`;
    expect(problemsOf(folderOf('ends', 180, ends))).toEqual([expect.stringMatching(/name 362 pipelines/)]);
  });

  it('are refused when the role that takes pipelines down would name more', () => {
    const down = (n: number) =>
      n < 60
        ? `pipeline: { template: t${n}, each: branch, role: role, teardown: e${n} }\n`
        : `on-delete: { pipeline: d${n} }\non-close: { pipeline: c${n % 2} }\n`;
    expect(problemsOf(folderOf('down', 180, down))).toEqual([expect.stringMatching(/name 362 pipelines/)]);
    expect(problemsOf(folderOf('fewer-down', 178, down))).toEqual([]);
  });

  it('count pipelines below a declared prefix once', () => {
    const prefixed = () => "pipeline: { name: 'build-{name}', prefix: build- }\n";
    expect(problemsOf(folderOf('prefixed', 180, prefixed))).toEqual([]);
  });

  it('are refused when their template is longer than CloudFormation takes', () => {
    const variables = Array.from({ length: 35 }, (_, at) => `V${at}: '${'x'.repeat(180)}'`).join(', ');
    const long = (n: number) => `pipeline: { name: p${n}, variables: { ${variables} } }\n`;
    expect(problemsOf(folderOf('long', 180, long))).toEqual([
      expect.stringMatching(/a template of some 1\d{6} bytes, and CloudFormation takes 1000000: .*variables/),
    ]);
  });
});

describe('a rule file', () => {
  it('has defaults for everything but its description and its match', () => {
    expect(parse(minimal)).toEqual({
      name: 'acme',
      description: 'all',
      match: { event: ['push'] },
      pull: { submodules: false, lfs: false, git: false, compute: 'lambda' },
      status: false,
      superseded: 'stop',
    });
  });

  it('names a pipeline alone or with its variables', () => {
    expect(parse(`${minimal}pipeline: acme`).pipeline).toEqual({ name: 'acme', variables: {} });
    expect(parse(`${minimal}pipeline:\n  name: acme\n  variables: { COMMIT: '{commit}' }`).pipeline).toEqual({
      name: 'acme',
      variables: { COMMIT: '{commit}' },
    });
  });

  it('becomes a pattern on the event, and options that name the events it asks for', () => {
    const rule = parse('description: all\nmatch:\n  event: [create, { prefix: pull }]\n');
    expect(eventPattern(rule)).toEqual({
      source: ['hookline'],
      'detail-type': ['webhook'],
      detail: { event: ['create', { prefix: 'pull' }] },
    });
    expect(ruleOptions(rule)).toEqual({
      name: 'acme',
      pull: { submodules: false, lfs: false, git: false, compute: 'lambda' },
      status: false,
      superseded: 'stop',
      asksFor: ['create'],
    });
  });

  it('asks for the events of each alternative of its match', () => {
    const text =
      'description: a\nmatch: { $or: [{ event: [push] }, { event: [create] }, { event: [create, ping] }] }\n';
    expect(ruleOptions(parse(text)).asksFor).toEqual(['push', 'create', 'ping']);
  });

  const wrong: readonly [string, string, string | RegExp][] = [
    [
      'an option that does not exist',
      `${minimal}stats: true`,
      '4:1: the rule has no option "stats" (allowed: description, match,',
    ],
    [
      'an option of the pull that does not exist',
      `${minimal}pull:\n  lsf: true`,
      '5:3: pull has no option "lsf" (allowed: submodules, lfs, git, path, compute)',
    ],
    [
      'a value of the wrong type',
      `${minimal}pull: { lfs: maybe }`,
      '4:14: pull.lfs is "maybe": expected boolean',
    ],
    [
      'submodules that are neither on nor off',
      `${minimal}pull: { submodules: maybe }`,
      '4:21: pull.submodules is "maybe": expected true, false or { from: [owner/*] }',
    ],
    [
      'an option of submodules that does not exist',
      `${minimal}pull: { submodules: { from: [acme/*], depth: 2 } }`,
      '4:39: pull.submodules has no option "depth" (allowed: from)',
    ],
    ...['', '/services', 'services/', 'a//b', '../b', 'a/./b', '.'].map((path): [string, string, RegExp] => [
      `a folder that is ${JSON.stringify(path)}`,
      `${minimal}pull: { path: ${JSON.stringify(path)} }`,
      /:4:15: pull\.path is ".*": expected a folder/,
    ]),
    ...['a\\b', 'a\tb', '\ud800'].map((path): [string, string, RegExp] => [
      `a folder that is ${JSON.stringify(path)}`,
      `${minimal}pull: { path: ${JSON.stringify(path)} }`,
      /:4:15: pull\.path is ".*": expected \/ between the names of folders/,
    ]),
    [
      'a folder with a .git folder',
      `${minimal}pull: { path: services/api, git: true }`,
      '4:34: pull.git is true: a .git folder is of a whole commit, and path takes a part of it: leave one of the two out',
    ],
    [
      'a folder with submodules',
      `${minimal}pull: { path: services/api, submodules: true }`,
      '4:41: pull.submodules is true: path takes a folder without its submodules: leave one of the two out',
    ],
    [
      'a source of submodules that is no repository',
      `${minimal}pull: { submodules: { from: [acme] } }`,
      '4:30: pull.submodules.from.0 is "acme": a pattern is the name of a repository, owner/name',
    ],
    [
      'a value in place of a list',
      'description: all\nmatch:\n  event: push',
      '3:10: match.event is "push": write a list of values',
    ],
    [
      'a comparison that does not exist',
      'description: all\nmatch:\n  payload:\n    ref: [{ prefx: a }]',
      '4:11: match.payload.ref.0 is {"prefx":"a"}: a condition is a value, or an object of one of exists, prefix',
    ],
    [
      'wildcards that EventBridge takes for too many',
      'description: all\nmatch:\n  payload:\n    ref: [{ wildcard: "*a*a*a*a*a*a*" }]',
      '4:10: the wildcards of match.payload.ref, "*a*a*a*a*a*a*", are too many, or too much alike, for EventBridge: write prefix',
    ],
    [
      'a list that matches nothing',
      'description: all\nmatch: { event: [] }',
      '2:17: match.event is []: an empty list matches nothing',
    ],
    ['what is missing', 'description: all', '1:1: match is missing'],
    [
      'two filters that exclude each other',
      `${minimal}paths: [a]\npaths-ignore: [b]`,
      '5:15: paths-ignore is ["b"]: paths and paths-ignore exclude each other',
    ],
    [
      'a path filter that repeats nothing',
      `${minimal}paths: ['docs/**', '+x']`,
      '4:20: paths.1 is "+x": a pattern is a path in which ** and * stand for anything',
    ],
    [
      'a path filter that only leaves out',
      `${minimal}paths: ['!docs/**']`,
      '4:8: paths is ["!docs/**"]: every pattern begins with !, which leaves files out: add a pattern without ! that takes files in',
    ],
    [
      'a placeholder that does not exist',
      `${minimal}pipeline: { name: a, variables: { A: '{sha}' } }`,
      'pipeline.variables.A is "{sha}": there is no {sha}: the placeholders are {host}, ',
    ],
    [
      'a placeholder for the whole payload',
      `${minimal}pipeline: { name: a, variables: { A: 'x {tag} {payload}' } }`,
      '4:38: pipeline.variables.A is "x {tag} {payload}": there is no {payload}: the placeholders are',
    ],
    [
      'a brace that is not closed',
      `${minimal}pipeline: { name: a, variables: { A: '{payload.a' } }`,
      '4:38: pipeline.variables.A is "{payload.a": the placeholders are {host}, ',
    ],
    [
      'a default that no name of a pipeline may have',
      `${minimal}pipeline: { name: 'a-{payload.b|c d}', prefix: a- }`,
      '4:19: pipeline.name is "a-{payload.b|c d}": a pipeline name has A-Z a-z 0-9 . @ - _, and placeholders; there is no {payload.b|c d}: ',
    ],
    [
      'more members of the payload than an execution holds',
      `${minimal}pipeline: { name: a, variables: { A: '${Array.from({ length: 51 }, (_, at) => `{payload.m${at}}`).join('')}' } }`,
      'a rule names 50 members of the payload at most',
    ],
    [
      'a context whose beginning the payload chooses',
      `${minimal}status: { context: '{payload.action} build' }`,
      '4:20: status.context is "{payload.action} build": a context begins with a letter, digit or sign',
    ],
    ['a status of another kind', `${minimal}status: runs`, '4:9: status is "runs": '],
    [
      'a context that needs the pull',
      `${minimal}status: { context: 'build {commit}' }`,
      '4:20: status.context is "build {commit}": a context has letters, digits, signs and spaces of ASCII, and placeholders; there is no {commit}',
    ],
    [
      'a pipeline name that AWS does not take',
      `${minimal}pipeline: a b`,
      'pipeline is "a b": a pipeline name has',
    ],
    [
      'a pipeline name with a placeholder, and no prefix for the grant',
      `${minimal}pipeline: { name: 'build-{name}' }`,
      '4:19: pipeline.name is "build-{name}": a name with placeholders needs a prefix, which it begins with: prefix: build-',
    ],
    [
      'a prefix with which the name does not begin',
      `${minimal}pipeline: { name: 'build-{name}', prefix: deploy- }`,
      '4:43: pipeline.prefix is "deploy-": the name build-{name} does not begin with it before its first placeholder',
    ],
    ['YAML that does not parse', 'description: [', '1:15: '],
    [
      'a pattern that is too long',
      `description: all\nmatch:\n  event: [${'x'.repeat(2048)}]`,
      '3:3: the pattern has 2121 characters, EventBridge takes 2048: split the rule in two files',
    ],
    [
      'options that leave no room for the rest of what goes to the machine',
      `${minimal}pipeline:\n  name: a\n  variables:\n${Array.from({ length: 9 }, (_, at) => `    A${at}: '${'x'.repeat(900)}'\n`).join('')}`,
      /^rules\/acme.yaml:5:3: the rule's options make 8\d{3} characters .* EventBridge takes 8192: shorten them$/,
    ],
    [
      'a match that leaves no room for the rest of what goes to the machine',
      `${minimal.replace('push', Array.from({ length: 700 }, (_, at) => `event-of-a-${at}`).join(', '))}paths: [a]`,
      /^rules\/acme.yaml:3:3: the rule's options make 1\d{4} characters .* EventBridge takes 8192: shorten them$/m,
    ],
    ...['on-delete', 'on-close'].map((end): [string, string, string] => [
      `a pipeline for each branch, and ${end}`,
      `${minimal}pipeline: { template: app, each: branch }\n${end}: { pipeline: gone }`,
      '4:34: pipeline.each is "branch": the end of what has a pipeline of its own is its teardown',
    ]),
    [
      'approved forks with submodules',
      `${minimal}pull: { submodules: true }\npull-request: { forks: approved }`,
      '4:21: pull.submodules is true: a fork could name any repository of the owner as a submodule',
    ],
    [
      'a path filter that a build does not take',
      `${minimal}paths:\n${'  - a/long/path/of/some/folder/**\n'.repeat(110)}`,
      /^rules\/acme.yaml:5:3: pull, paths and the values .* make 3\d{3} characters as JSON, a build takes 3500 beside the delivery: shorten them$/,
    ],
    [
      'repositories of submodules that a build does not take',
      `${minimal}pull:\n  submodules:\n    from:\n${'      - acme/some-long-name-of-a-library\n'.repeat(100)}`,
      /^rules\/acme.yaml:5:3: pull, paths and the values .* make 3\d{3} characters as JSON, a build takes 3500 beside the delivery: shorten them$/,
    ],
    [
      'repositories and paths that a build does not take together',
      `${minimal}paths-ignore: [${'x'.repeat(1600)}]\npull: { submodules: { from: [a/${'x'.repeat(1800)}] } }`,
      /^rules\/acme.yaml:5:7: pull, paths and the values .* make 3\d{3} characters as JSON/,
    ],
    ['words that skip nothing', `${minimal}skip: [ci]`, '4:8: skip.0 is "ci": expected ci-words'],
  ];

  const refusedByEventBridge: readonly [string, string][] = [
    [
      '{ anything-but: [b, 1] }',
      'match.a.0.anything-but is ["b",1]: anything-but takes texts or numbers, not both',
    ],
    [
      '{ anything-but: { prefix: "" } }',
      'match.a.0.anything-but.prefix is "": write what it begins or ends with',
    ],
    ['{ wildcard: a**b }', 'match.a.0.wildcard is "a**b": a wildcard has no two * in a row'],
    ['{ wildcard: a\\b }', 'match.a.0.wildcard is "a\\\\b": a wildcard has no two * in a row'],
    [
      '{ anything-but: { wildcard: "**" } }',
      'match.a.0.anything-but.wildcard is "**": a wildcard has no two * in a row',
    ],
    [
      '{ numeric: [">", 5, "<=", 5] }',
      'match.a.0.numeric is [">",5,"<=",5]: the first number must be less than the second',
    ],
    ['{ cidr: 10.0.0.0 }', 'match.a.0.cidr is "10.0.0.0": write a block of addresses, as in 10.0.0.0/8'],
  ];

  it.each(refusedByEventBridge)(
    'is refused for the condition %s, as by EventBridge',
    (condition, message) => {
      const text = `description: all\nmatch:\n  a: [${condition}]\n`;
      expect(() => parse(text)).toThrow(message);
      expect(() => parse(text)).toThrow(/^rules\/acme\.yaml:3:\d+: /);
    },
  );

  it('is refused for a name with a dot, which EventBridge takes for a path', () => {
    const text = 'description: all\nmatch:\n  payload:\n    head_commit.id: [x]\n';
    expect(() => parse(text)).toThrow(
      'rules/acme.yaml:4:21: match.payload.head_commit.id is ["x"]: a name holds no dot: write head_commit: { id: … }',
    );
  });

  it('is refused for a member that stands beside alternatives and in one, where EventBridge takes either', () => {
    const text =
      'description: all\nmatch:\n  event: [push]\n  payload:\n    ref: [x]\n    $or: [{ ref: [y] }, { z: [1] }]\n';
    expect(() => parse(text)).toThrow(
      'rules/acme.yaml:5:10: match.payload.ref is ["x"]: ref stands in an alternative of $or and beside it, and EventBridge takes one of the two: write it in each alternative',
    );
  });

  it.each(['match: {}', 'match: { payload: {} }', 'match: { $or: [{ a: [1] }, {}] }'])(
    'is refused for an empty match: %s',
    (match) => {
      expect(() => parse(`description: all\n${match}\n`)).toThrow(
        'is {}: an empty match takes nothing: name a member',
      );
    },
  );

  it.each(wrong)('is refused for %s, with line and column', (_title, text, message) => {
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(/^rules\/acme\.yaml:\d+:\d+: /);
  });

  it('is refused with the path of each problem in the rule', () => {
    const pathsOf = (text: string, file?: string): unknown => {
      try {
        return parse(text, file);
      } catch (error) {
        return error instanceof RuleFileError && error.problems.map(({ path }) => path);
      }
    };
    expect(
      pathsOf('description: 1\nmatch: { a: [{ prefix: 1 }] }\npull: { nfs: true }\nstats: true'),
    ).toEqual([['description'], ['match', 'a', 0], ['pull', 'nfs'], ['stats']]);
    expect(pathsOf(`${minimal}pipeline: a b`, 'Acme.yaml')).toEqual([['name'], ['pipeline']]);
    expect(pathsOf('description: [')).toEqual([[]]);
    expect(pathsOf(`description: all\nmatch:\n  event: [${'x'.repeat(2048)}]`)).toEqual([['match']]);
    const long = '  - a/long/path/of/some/folder/**\n'.repeat(250);
    expect(pathsOf(`${minimal}paths:\n${long}`)).toEqual([['paths'], ['paths']]);
  });

  it('is named in lower case', () => {
    expect(() => parse(minimal, 'rules/Acme Main.yaml')).toThrow(
      'rules/Acme Main.yaml:1:1: a rule is named after its file, in lower-case letters, digits and hyphens, 40 at most, not "Acme Main"',
    );
  });

  it('is read from a folder with every error of every file', () => {
    const path = join(folder.path, 'rules');
    mkdirSync(path);
    expect(() => readRules(path, folder.path)).toThrow(
      'rules:1:1: the folder holds no rule: add a .yaml file',
    );
    writeFileSync(join(path, 'good.yaml'), minimal);
    writeFileSync(join(path, 'notes.txt'), 'no rule');
    expect(readRules(path).map(({ name }) => name)).toEqual(['good']);
    writeFileSync(join(path, 'a.yaml'), `${minimal}stats: 1\nshape: 2`);
    writeFileSync(join(path, 'b.yml'), 'match: 1');
    expect(() => readRules(path, folder.path)).toThrow(
      /^rules\/a.yaml:4:1: .*\nrules\/b.yml:1:1: .*description.*\nrules\/b.yml:1:8: match/s,
    );
    rmSync(path, { recursive: true });
  });

  it('shares its name with no other file', () => {
    const path = join(folder.path, 'twins');
    mkdirSync(path);
    writeFileSync(join(path, 'a.yaml'), minimal);
    writeFileSync(join(path, 'a.yml'), minimal);
    expect(checkRules(path, folder.path)).toMatchObject({
      rules: [{ name: 'a' }],
      problems: [
        {
          ...{ file: 'twins/a.yml', line: 1, column: 1, path: ['name'] },
          message: expect.stringContaining('a rule a already'),
        },
      ],
    });
  });
});

describe('a rule that was renamed', () => {
  it.each([
    ['a: [x]', 'the rule has no option "a"'],
    ['was: main', 'was is "main"'],
    ['was: []', 'was is []: an empty list names nothing: leave it out'],
    ['was: [Main]', 'was.0 is "Main": expected the name of a rule'],
    ['was: [acme]', 'was is ["acme"]: expected other names than acme, each once, the first of all first'],
    ['was: [a, b, a]', 'expected other names than acme, each once'],
  ])('says its names of before as a list of others: %s', (yaml, message) => {
    expect(() => parse(`${minimal}${yaml}`, 'rules/acme.yaml')).toThrow(message);
  });

  it('shares no name, also none of before, with another', () => {
    const path = join(folder.path, 'renamed');
    mkdirSync(path);
    writeFileSync(join(path, 'a.yaml'), `${minimal}was: [first]`);
    writeFileSync(join(path, 'b.yaml'), `${minimal}was: [a]`);
    writeFileSync(join(path, 'c.yaml'), `${minimal}was: [first]`);
    writeFileSync(join(path, 'first.yaml'), minimal);
    const told = (name: string) => `${name} is a name of the rule a too`;
    expect(checkRules(path, folder.path)).toMatchObject({
      rules: [{ name: 'a', was: ['first'] }],
      problems: [
        { file: 'renamed/b.yaml', path: ['was'], message: expect.stringContaining(told('a')) },
        { file: 'renamed/c.yaml', path: ['was'], message: expect.stringContaining(told('first')) },
        { file: 'renamed/first.yaml', path: ['name'], message: expect.stringContaining(told('first')) },
      ],
    });
  });
});

describe('the shipped rules', () => {
  it('are read', () => {
    expect(readRules('events/rules').map(({ name }) => name)).toEqual(['default', 'demo']);
    expect(readRules('events/examples').map(({ name }) => name)).toEqual([
      'git-flow-develop',
      'git-flow-feature',
      'git-flow-hotfix',
      'git-flow-main',
      'git-flow-release',
      'git-flow-tags',
      'new-repositories',
      'pipeline-per-repository',
      'pull-requests',
      'release-branches',
      'tags',
    ]);
  });

  it.each(['events/rules', 'events/examples'])('name their schema to editors: %s', (shipped) => {
    for (const file of ruleFiles(shipped))
      expect(readFileSync(join(shipped, file), 'utf8')).toMatch(
        /^# yaml-language-server: \$schema=\.\.\/rule\.schema\.json\n/,
      );
  });
});

describe('a hostile rule file', () => {
  const nine = (item: string) => `[${Array.from({ length: 9 }, () => item).join(', ')}]`;
  const bomb = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    .map((name, at, all) => `${name}: &${name} ${nine(at === 0 ? 'x' : `*${all[at - 1]}`)}\n`)
    .join('');

  it.each([
    ['an alias of nothing', 'match: *x\n', /anchors and aliases .* x\)/],
    ['aliases that multiply', `${bomb}match: { event: *h }\n`, /anchors and aliases .*Excessive/],
    [
      'a value that holds itself',
      'match: &m { event: [push], payload: *m }\n',
      /anchors and aliases .*circular/,
    ],
    [
      'a clause that no object keeps',
      'match: { payload: { __proto__: [a] } }\n',
      /__proto__ cannot be matched/,
    ],
    ['an option that no object keeps', '__proto__: { pull: { git: true } }\n', /__proto__ cannot be matched/],
    ['5,000 braces', `match: ${'{a: '.repeat(5000)}\n`, /./],
    ['bytes that are no text', '\ufffd\ufffd\0match', /./],
    ['a tag of another language', 'match: !!js/function "x"\n', /expected object/],
    ['two documents', 'match: {}\n---\nmatch: {}\n', /multiple documents/],
  ])('with %s is refused by its path', (_, text, message) => {
    const hostile = join(folder.path, 'hostile.yaml');
    writeFileSync(hostile, `description: d\n${text}`);
    const { rules, problems } = checkRule(hostile, folder.path);
    expect(rules).toEqual([]);
    expect(problems[0]).toMatchObject({ file: 'hostile.yaml', message: expect.stringMatching(message) });
  });

  it('of any text is a rule or has problems at places, and nothing else is thrown', () => {
    const piece = fc.constantFrom(
      'match:',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      ': ',
      '- ',
      '\n',
      '  ',
      '!!',
      '<<: ',
      '"',
      '%',
    );
    const word = fc.constantFrom(
      'event',
      'push',
      'payload',
      'pull',
      'paths',
      'pipeline',
      '__proto__',
      'exists',
      '1e999',
    );
    const text = fc.array(fc.oneof(piece, word, fc.string({ maxLength: 4 }))).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (end) => {
        try {
          parse(minimal + end);
        } catch (error) {
          if (!(error instanceof RuleFileError)) throw error;
          for (const { line, column } of error.problems) expect([line > 0, column > 0]).toEqual([true, true]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
