import { join } from 'node:path';
import { writeWhole } from '../files.ts';
import type { Repository } from '../repositories.ts';
import { OPEN_TOPICS } from './hook.ts';
import { pullsOf } from './store.ts';

/** Notes whose branches a push to `refs/for` may replace, for the hook of the next push. */
export function noteOpenTopics(repository: Repository): Promise<void> {
  const topics = pullsOf(repository)
    .filter(({ state, head }) => state === 'open' && head.repository === repository.fullName)
    .map(({ base, head }) => `${base.ref}/${head.ref}\n`);
  return writeWhole(join(repository.folder, OPEN_TOPICS), topics.join(''));
}
