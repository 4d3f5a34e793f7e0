import { describeResult, describeScore, holds, score } from './results.ts';
import { type Room, roomOf } from './room-mutant.ts';
import type { Found } from './try-rooms.ts';

/** What became of each room's and each file's mutants: for people, and for scripts. */
export interface Report {
  readonly text: string;
  readonly json: object;
  /** no room is below the floor, and no test fails without a mutant */
  readonly good: boolean;
}

export function reportOf(rooms: readonly Room[], { results, notRun, failing }: Found): Report {
  const scored = rooms.flatMap((room) => {
    const ofRoom = results.filter(({ mutant }) => roomOf(mutant.file) === room);
    return ofRoom.length === 0 ? [] : [{ room, score: score(ofRoom) }];
  });
  const files = [...new Set(results.map(({ mutant }) => mutant.file))].map((file) => ({
    file,
    score: score(results.filter(({ mutant }) => mutant.file === file)),
  }));
  const open = results.filter(({ status }) => status === 'survived' || status === 'uncovered');
  const lines = [
    ...open.map(describeResult),
    ...failing.map((test) => `FAILS WITHOUT A MUTANT, and its file is left out: ${test}`),
    ...(notRun.length > 0 ? [`not run for want of time: ${notRun.join(', ')}`] : []),
    ...files.map(({ file, score }) => describeScore(file, score)),
    ...scored.map(({ room, score }) => describeScore(room, score)),
  ];
  return {
    text: `${lines.join('\n')}\n`,
    json: {
      rooms: Object.fromEntries(scored.map(({ room, score }) => [room, score])),
      files: Object.fromEntries(files.map(({ file, score }) => [file, score])),
      open: open.map(({ mutant: { id, key, ...mutant }, status }) => ({ ...mutant, status })),
      notRun,
      failing,
    },
    good: failing.length === 0 && scored.every(({ score }) => holds(score)),
  };
}
