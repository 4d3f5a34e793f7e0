import '../../support/interleave/silence.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isThereAgain } from '../../../functions/shared/is-back.ts';
import { pointerOf } from '../../../functions/shared/move-pointer.ts';
import { placedCommitOf } from '../../../functions/shared/order.ts';
import { readRef, recordPublished } from '../../../functions/shared/ref-record.ts';
import { recordNewest, withdrawNewest } from '../../../functions/shared/taken.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { startDirect } from '../../support/functions/direct.ts';
import { pulledState, type Steps } from '../../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startDirect();
});
afterAll(() => steps?.close());

const [OLDER, NEWER] = ['a'.repeat(40), 'b'.repeat(40)] as const;

/** A pull of the push that its host made in this second. */
function pulled(branch: string, commit: string, token: number, pushedAt?: number): Pulled {
  const state = pulledState(`refs/heads/${branch}`, { commit, tip: commit, token });
  return { ...state, delivery: { ...state.delivery, pushedAt } };
}
const taken = async (state: Pulled) => (await readRef(pointerOf(state))).taken[state.rule.name];

describe('the newest that a rule took of a ref (I10)', () => {
  it('keeps what an earlier telling of the same commit knew', async () => {
    const first = pulled('told-twice', NEWER, 1, 1_700_000_000);
    await recordNewest(first);
    await recordNewest(pulled('told-twice', NEWER, 2));
    expect(await taken(first)).toMatchObject({ commit: NEWER, token: 2, pushedAt: 1_700_000_000 });
  });

  it('gives its place up to what was built before it', async () => {
    const [older, newer] = [pulled('built-before', OLDER, 1), pulled('built-before', NEWER, 2)];
    await recordNewest(newer);
    await withdrawNewest(newer, placedCommitOf(older));
    expect(await taken(newer)).toEqual(placedCommitOf(older));
  });

  it('does not give up the place of another', async () => {
    const [older, newer] = [
      pulled('another', OLDER, 1, 1_700_000_000),
      pulled('another', NEWER, 2, 1_700_000_001),
    ];
    await recordNewest(older);
    await recordNewest(newer);
    await withdrawNewest(older, undefined);
    expect(await taken(newer)).toMatchObject({ commit: NEWER });
  });
});

it('a ref is there again where the last look found a commit, and not where nobody has looked', async () => {
  const state = pulled('there', NEWER, 1);
  expect(await isThereAgain(state)).toBe(false);
  await recordPublished(pointerOf(state), { token: 1, commit: NEWER, key: 'k' });
  expect(await isThereAgain(state)).toBe(true);
  await recordPublished(pointerOf(state), { token: 2, commit: '', key: '' });
  expect(await isThereAgain(state)).toBe(false);
});
