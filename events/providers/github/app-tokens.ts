import * as z from 'zod';
import type { App, AppTokens, HostAddress, MintedToken, TokenUse, WantedToken } from '../../app.ts';
import { statusOf } from '../../http-status.ts';
import { HostRefused } from '../../request-reader.ts';
import { appJwt } from './app-jwt.ts';
import { retryingClientOf } from './client.ts';

type Permissions = Readonly<Record<string, 'read' | 'write'>>;

/** https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps */
const PERMISSIONS: Readonly<Record<TokenUse, Permissions>> = {
  read: { contents: 'read' },
  statuses: { statuses: 'write' },
  checks: { checks: 'write' },
  requests: { pull_requests: 'read' },
  'repository hooks': { repository_hooks: 'write' },
  'organisation hooks': { organization_hooks: 'write' },
};

/** As the page of an App calls them. */
const NAMES: Readonly<Record<string, string>> = {
  contents: '"Contents"',
  statuses: '"Commit statuses"',
  checks: '"Checks"',
  pull_requests: '"Pull requests"',
  repository_hooks: '"Webhooks"',
  organization_hooks: '"Webhooks" of the organisation',
};

const installationSchema = z.looseObject({
  id: z.number(),
  suspended_at: z.string().nullish(),
  permissions: z.record(z.string(), z.string()),
});
const tokenSchema = z.looseObject({ token: z.string().min(1), expires_at: z.string() });

/** Asks GitHub in the name of an App, in three attempts within 20 s each. */
export const appTokens: AppTokens = {
  own: appJwt,
  mint: async (address, app, wanted) => {
    const { id, permissions } = await installationOf(address, app, wanted.repository);
    const missing = missingOf(permissions, [wanted.use]);
    if (missing.length > 0) throw lacking(address, app, wanted, missing);
    return minted(address, app, id, wanted, PERMISSIONS[wanted.use]);
  },
};

/** The permissions that these uses need and that are not held, as the App's page names them. */
export const missingOf = (held: Readonly<Record<string, string>>, uses: readonly TokenUse[]): string[] =>
  uses.flatMap((use) =>
    Object.entries(PERMISSIONS[use])
      .filter(([name, access]) => !allows(held[name], access))
      .map(([name, access]) => `${NAMES[name] ?? name}: ${access}`),
  );

const allows = (held: string | undefined, wanted: string): boolean =>
  held === wanted || held === 'write' || held === 'admin';

type Installation = z.infer<typeof installationSchema>;

/** The installation that has a repository. @throws HostRefused */
export async function installationOf(
  address: HostAddress,
  app: App,
  repository: string,
): Promise<Installation> {
  const { host } = address;
  const path = `GET /repos/${repository}/installation`;
  return installationSchema.parse(
    await ask(address, app, path, {}, (status) =>
      status === 404
        ? `the App ${app.id} is not installed for ${repository} on ${host}: install it there, for this repository or for all of its owner`
        : undefined,
    ),
  );
}

async function minted(
  address: HostAddress,
  app: App,
  installation: number,
  { repository, use }: WantedToken,
  permissions: Permissions,
): Promise<MintedToken> {
  const name = repository.split('/').slice(1).join('/');
  const repositories = use === 'organisation hooks' ? {} : { repositories: [name] };
  const answer = await ask(
    address,
    app,
    `POST /app/installations/${installation}/access_tokens`,
    { ...repositories, permissions },
    (status) =>
      status === 403 || status === 422
        ? `${address.host} gives the App ${app.id} no token for ${repository}: see that its installation there is not suspended, and has the permissions that the App asks for`
        : undefined,
  );
  const { token, expires_at: expiresAt } = tokenSchema.parse(answer);
  return { token, expiresAt };
}

/** A request in the name of the App. @throws HostRefused @param words what an answer says, by its status; undefined for one that says nothing of the App */
export async function ask(
  address: HostAddress,
  app: App,
  route: string,
  body: object = {},
  words: (status: number) => string | undefined = () => undefined,
): Promise<unknown> {
  const api = { ...address, token: appJwt(app) };
  const client = retryingClientOf(api);
  try {
    const { data } = await client.request(route, {
      ...body,
      request: { signal: AbortSignal.timeout(20_000) },
    });
    return data;
  } catch (error) {
    const status = statusOf(error);
    const message = status === 401 ? unknownApp(address, app) : words(status);
    if (message === undefined) throw error;
    throw new HostRefused(status, message, { cause: error });
  }
}

const unknownApp = ({ host }: HostAddress, { id }: App): string =>
  `${host} does not take the key of the App ${id}: the key may have been deleted there, or the id is another App's; set both with "hookline secret set ${host} app"`;

const lacking = (
  { host }: HostAddress,
  { id }: App,
  { repository }: WantedToken,
  missing: readonly string[],
): HostRefused =>
  new HostRefused(
    403,
    `the App ${id} lacks the permission ${missing.join(', ')} for ${repository} on ${host}: give it to the App, and accept it where the App is installed`,
  );
