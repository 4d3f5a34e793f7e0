import { type InVain, inVainGroups } from '../../operate/deliveries/in-vain.ts';
import { nextStepLines } from './draw.ts';

/**
 * Of deliveries that are left out, why each would end as before, and the next step of the newest of each reason.
 * @param target the options that name the deployment, as they are typed behind a command
 */
export function inVainLines(inVain: readonly InVain[], target: string): string[] {
  if (inVain.length === 0) return [];
  const one = inVain.length === 1;
  const head = `${inVain.length} ${one ? 'is' : 'are'} left out, which would end as before; --force runs ${one ? 'it' : 'them'} all the same:`;
  const each = inVainGroups(inVain).flatMap(({ row, reason, count }) => {
    const name = row.error === '' || row.error === row.outcome ? row.outcome : `${row.outcome}, ${row.error}`;
    return [
      `  ${count} ${name}: ${reason}`,
      ...nextStepLines(row, target)
        .slice(1)
        .map((line) => `    ${line}`),
    ];
  });
  return ['', head, ...each, ''];
}

/** The same for a script. */
export const inVainInJson = (inVain: readonly InVain[]) =>
  inVainGroups(inVain).map(({ row: { id, outcome, error }, reason, count }) => ({
    count,
    outcome,
    error,
    reason,
    newest: id,
  }));
