import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type Trial, until } from '../trial.ts';

const builds = z.object({ ids: z.array(z.string()) });
const found = z.object({ builds: z.array(z.looseObject({ buildStatus: z.string() })) });

export async function newestBuildStopped({ runtime }: Trial): Promise<void> {
  await until(async () => {
    const { ids } = builds.parse(await runtime.call('codebuild', 'ListBuilds', {}));
    const answer = await runtime.call('codebuild', 'BatchGetBuilds', { ids: ids.slice(0, 1) });
    return found.parse(answer).builds[0]?.buildStatus === 'STOPPED';
  });
}

/** The command of a build that goes on until it is let go. */
export interface HeldBuild {
  readonly command: string;
  /** waits until the command runs */
  begun(): Promise<void>;
  letGo(): Promise<void>;
}

export function heldBuild({ repository }: Trial): HeldBuild {
  const file = join(repository.folder, '.git', randomUUID());
  return {
    command: `touch ${file}-begun; until [ -e ${file} ]; do sleep 0.1; done`,
    begun: () => until(() => existsSync(`${file}-begun`)),
    letGo: () => writeFile(file, ''),
  };
}
