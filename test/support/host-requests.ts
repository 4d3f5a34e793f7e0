import { expect } from 'vitest';
import type { Ended } from './ended.ts';
import type { Hookline } from './hookline.ts';
import type { Repository } from './repository.ts';

/** What people do on the built-in git host: they push from a work tree, and they call its API. */
export interface HostRequests {
  /** pushes as `acme` */
  push(repository: string, refspec: string): Promise<unknown>;
  /** a commit with a buildspec */
  commit(subject: string, files?: Record<string, string>): Promise<string>;
  /** calls the API below `/repos/` as somebody */
  host(login: string, method: string, path: string, body?: object): Promise<unknown>;
  /** the end of the one delivery of this event that comes of what is done */
  ended(event: string, done: () => Promise<unknown>): Promise<Ended>;
  urlOf(repository: string): string;
}

export function hostRequests(hookline: Hookline, work: Repository): HostRequests {
  const urlOf = (repository: string): string =>
    Object.assign(new URL(`${hookline.outputs.gitUrl}/${repository}.git`), {
      username: 'acme',
      password: hookline.secrets.token,
    }).href;
  return {
    urlOf,
    push: (repository, refspec) => work.git('push', '--quiet', '--force', urlOf(repository), refspec),
    commit: (subject, files = { 'file.txt': `${Math.random()}\n` }) =>
      work.commit(
        { 'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo] } }\n', ...files },
        subject,
      ),
    host: async (login, method, path, body = {}) => {
      const response = await fetch(`${hookline.outputs.gitUrl}/api/v3/repos/${path}`, {
        method,
        headers: { authorization: `Basic ${btoa(`${login}:${hookline.secrets.token}`)}` },
        ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response.status === 204 ? undefined : response.json();
    },
    ended: async (event, done) => {
      const before = hookline.gitHost.deliveries().length;
      await done();
      const [sent, ...others] = hookline.gitHost
        .deliveries()
        .slice(before)
        .filter((each) => each.event === event);
      expect(others).toEqual([]);
      const [end] = await hookline.ended(sent?.id ?? '');
      if (!end) throw new Error(`nothing took the ${event}`);
      return end;
    },
  };
}
