import * as z from 'zod';
import type { Deployment } from '../../../cli/up/deployment.ts';
import { GIT_HOST } from '../../../cli/up/git-host.ts';
import { setApp } from '../../../operate/hosts/apps.ts';

const made = z.looseObject({ id: z.number(), pem: z.string() });

/** Makes an App on the built-in host, and the App the host's credential, so that every step needs the App's tokens. */
export async function giveApp({ outputs, secrets, connection }: Deployment): Promise<void> {
  const response = await fetch(`${outputs.gitUrl}/api/v3/app-manifests/trial/conversions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secrets.token}` },
  });
  const { id, pem } = made.parse(await response.json());
  const connected = await connection();
  try {
    await setApp(connected, GIT_HOST, { id: String(id), privateKey: pem });
  } finally {
    connected.close();
  }
}
