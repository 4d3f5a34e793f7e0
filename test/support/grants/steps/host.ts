import * as z from 'zod';
import type { Trial } from '../trial.ts';

/** Calls the git host as somebody. @throws when the host refuses */
export async function callHost(
  { outputs, secrets }: Trial,
  login: string,
  [method, path]: readonly ['GET' | 'POST' | 'PATCH', string],
  body?: object,
): Promise<unknown> {
  const response = await fetch(`${outputs.gitUrl}/api/v3/repos/${path}`, {
    method,
    headers: { authorization: `Basic ${btoa(`${login}:${secrets.token}`)}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

const statuses = z.array(z.looseObject({ state: z.string() }));

/** The newest status of a commit, as the host has it. */
export async function statusOf(
  trial: Trial,
  repository: string,
  commit: string,
): Promise<string | undefined> {
  const answer = await callHost(trial, 'test', ['GET', `${repository}/commits/${commit}/statuses`]);
  return statuses.parse(answer)[0]?.state;
}
