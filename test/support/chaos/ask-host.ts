import type { Alive } from './survivor.ts';

/** A call of the git host's API below `/repos/`. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: object | undefined;
}

/** Calls the git host's API as somebody. @returns its answer; undefined for what is there already, as a call whose answer was lost has made it */
export async function askHost(
  { outputs, secrets }: Alive,
  login: string,
  { method, path, body = {} }: Asked,
): Promise<unknown> {
  const response = await fetch(`${outputs.gitUrl}/api/v3/repos/${path}`, {
    method,
    headers: { authorization: `Basic ${btoa(`${login}:${secrets.token}`)}` },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  });
  if (response.status === THERE_ALREADY) return undefined;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

const THERE_ALREADY = 422;
