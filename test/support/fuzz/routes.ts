import fc from 'fast-check';
import { hostilePart } from './hostile.ts';

/** Below the API of the git host; `*` stands for a part that a stranger chooses. */
export const API_ROUTES: readonly string[] = [
  '/meta',
  '/user',
  '/orgs/*/hooks',
  '/repos/*/*',
  ...['', '/branches', '/branches/*', '/hooks', '/hooks/*', '/hooks/*/pings', '/hooks/*/deliveries']
    .concat(['/hooks/*/deliveries/*', '/hooks/*/deliveries/*/attempts', '/statuses/*', '/commits/*/statuses'])
    .concat(['/pulls', '/pulls/*', '/pulls/*/merge', '/issues/*/comments', '/issues/comments/*'])
    .concat(['/issues/*/labels', '/issues/*/labels/*', '/forks', '/collaborators/*/permission'])
    .map((path) => `/repos/acme/app${path}`),
  '/*',
];

/** Below the console; not those that write into the rules' folder or start work of hours. */
export const CONSOLE_ROUTES: readonly string[] = [
  ...[
    'archive',
    'deployment',
    'machine',
    'overview',
    'export',
    'pipelines',
    'rules',
    'rules/counts',
    'replays',
  ]
    .concat(['deliveries', 'deliveries/rows', 'deliveries/*', 'deliveries/*/logs', 'deliveries/*/request'])
    .concat(['deliveries/*/commit', 'deliveries/*/artifact', 'deliveries/*/redrive', 'deliveries/*/stop'])
    .concat(['replays/*', 'replays/*/cancel', 'replays/histogram', 'replays/forecast', 'repositories/*/*/*'])
    .concat(['redeliveries/plan', 'rules/draft', 'rules/explain', 'rules/trial', '*'])
    .map((path) => `api/${path}`),
  '*',
];

const NAMES = ['page', 'per_page', 'cursor', 'state', 'head', 'base', 'from', 'to', 'since', 'until', 'limit']
  .concat(['outcome', 'rule', 'repository', 'ref', 'deliveryId', 'format', 'parts', 'execution', '__proto__'])
  .concat(['after', 'id', 'name', 'replayName', 'pipelineStatus', 'all']);

/** One of the routes, with its parts chosen, and a query. */
export const pathOf = (routes: readonly string[]): fc.Arbitrary<string> =>
  fc
    .record({
      route: fc.constantFrom(...routes),
      parts: fc.array(fc.oneof(hostilePart, fc.constantFrom('1', 'main', 'acme', 'app')), {
        minLength: 4,
        maxLength: 4,
      }),
      query: fc.array(fc.tuple(fc.constantFrom(...NAMES), hostilePart), { maxLength: 4 }),
    })
    .map(({ route, parts, query }) => {
      const rest = [...parts];
      const path = route.replace(/\*/g, () => rest.shift() ?? '');
      return query.length === 0 ? path : `${path}?${query.map((pair) => pair.join('=')).join('&')}`;
    });
