import * as z from 'zod';
import { GIT_HOST } from '../../../cli/up/git-host.ts';
import { setApp } from '../../../operate/hosts/apps.ts';
import { readCredential, updateCredential } from '../../../operate/hosts/credentials.ts';
import { gitHost } from '../../../operate/hosts/hosts.ts';
import type { Alive } from './survivor.ts';

const madeSchema = z.looseObject({ id: z.number(), pem: z.string() });

/** Makes a new App the credential of the built-in host. Then no token of the host is in a secret, and every pull asks for one. */
export async function useApp({ connection, outputs, secrets }: Alive): Promise<void> {
  const address = `${outputs.gitUrl}/api/v3/app-manifests/chaos/conversions`;
  const headers = { authorization: `Bearer ${secrets.token}` };
  const { id, pem } = madeSchema.parse(await (await fetch(address, { method: 'POST', headers })).json());
  await setApp(connection, GIT_HOST, { id: String(id), privateKey: pem });
}

/** Makes the host's token its credential again. The key of the App stays, for those who have read the credential before. */
export async function useToken({ connection, secrets: { token } }: Alive): Promise<void> {
  const { app } = await readCredential(connection, await gitHost(connection, GIT_HOST));
  if (app) await updateCredential(connection, GIT_HOST, { token, app: undefined });
}
