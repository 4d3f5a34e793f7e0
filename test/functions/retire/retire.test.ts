import '../../support/interleave/silence.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextToken } from '../../../functions/pull/fencing-token.ts';
import { handler } from '../../../functions/retire/index.ts';
import { pointerOf } from '../../../functions/shared/move-pointer.ts';
import { readRef } from '../../../functions/shared/ref-record.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { type Direct, startDirect } from '../../support/functions/direct.ts';
import { publish } from '../../support/functions/publish.ts';
import { pulledState } from '../../support/functions/steps.ts';
import { context } from '../../support/functions/validate-aws.ts';

let direct: Direct;
beforeAll(async () => {
  direct = await startDirect();
});
afterAll(() => direct?.close());
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const COMMIT = 'a'.repeat(40);
const request = {
  ...{ number: 7, action: 'synchronize', draft: false, merged: false, fork: false, base: 'main' },
  head: { ref: 'topic', commit: COMMIT },
};
/** A look-up at this moment, which found the commit, or that the ref was gone. */
async function looked(ref: string, commit = COMMIT): Promise<Pulled> {
  const { token } = await nextToken(pointerOf(pulledState(ref, {})));
  const artifact = await direct.putArtifact(commit || COMMIT);
  const found = { commit, tip: commit, tipKey: artifact.key, ...artifact };
  const state = pulledState(ref, commit === '' ? { token, outcome: 'gone' } : { token, ...found });
  const told = ref.startsWith('refs/pull/') ? { pullRequest: request } : {};
  return { ...state, delivery: { ...state.delivery, ...told }, time: new Date().toISOString() };
}
const retire = (state: object) => handler({ executionArn: 'arn:me', state: exported(state) }, context);
/** As the machine hands it on: every value of a pull is a text. */
function exported(state: object): object {
  const { pull, ...others }: { pull?: Pulled['pull'] } = state;
  return pull ? { ...others, pull: { ...pull, token: String(pull.token) } } : others;
}
const later = () => vi.setSystemTime(Date.now() + 1000);

describe('a deleted ref', () => {
  it('has no pointer any more, and is on record as gone', async () => {
    const ref = 'refs/heads/deleted';
    await publish({ state: await looked(ref) });
    const gone = await looked(ref, '');
    const pointer = pointerOf(gone);
    expect(await retire(gone)).toEqual({ outcome: 'RefRetired', commit: '', pointer, startPipeline: false });
    expect(await direct.objectCommit(pointer)).toBe('');
    expect(await readRef(pointer)).toMatchObject({ gone: gone.pull.token, published: { commit: '' } });
  });

  it('that is there again keeps its pointer', async () => {
    const ref = 'refs/heads/there';
    await publish({ state: await looked(ref) });
    const state = { ...(await looked(ref)), route: 'retire' };
    const pointer = pointerOf(await looked(ref));
    const superseded = { outcome: 'Superseded', commit: COMMIT, pointer, startPipeline: false };
    expect(await retire(state)).toEqual(superseded);
    const gone = await looked(ref, '');
    await publish({ state: await looked(ref) });
    expect(await retire(gone)).toEqual(superseded);
    expect(await direct.objectCommit(pointer)).toBe(COMMIT);
  });

  it('of which nothing can be made is no deletion', async () => {
    const state = await looked('refs/heads/unmade');
    const bare = { ...state, pull: { ...state.pull, tip: '', tipKey: '' } };
    expect(await retire(bare)).toMatchObject({ outcome: 'Superseded', commit: '' });
  });
});

describe('a closed request of its own ref', () => {
  const closed = async (ref: string) => {
    const { pull: _, ...state } = await looked(ref);
    return { ...state, route: 'close' };
  };

  it('has no pointer any more, and what is looked up before that publishes none', async () => {
    const ref = 'refs/pull/7/head';
    await publish({ state: await looked(ref) });
    later();
    const late = await looked(ref);
    const state = await closed(ref);
    const pointer = pointerOf(late);
    expect(await retire(state)).toEqual({ outcome: 'RefRetired', commit: '', pointer, startPipeline: false });
    expect(await direct.objectCommit(pointer)).toBe('');
    expect(await publish({ state: late })).toMatchObject({ outcome: 'RefGone', commit: '' });
    expect(await readRef(pointer)).toMatchObject({ closed: state.time, published: { commit: '' } });
  });

  it('of which nothing was pulled is ignored, and is on record as closed', async () => {
    const state = await closed('refs/pull/8/head');
    const pointer = pointerOf(await looked('refs/pull/8/head'));
    expect(await retire(state)).toEqual({ outcome: 'Ignored', commit: '', pointer, startPipeline: false });
    expect(await readRef(pointer)).toMatchObject({ closed: state.time });
  });

  it('that is open again keeps its pointer, though the host sends the close once more', async () => {
    const ref = 'refs/pull/10/head';
    const told = <S extends Pick<Pulled, 'delivery'>>(state: S): S => ({
      ...state,
      delivery: { ...state.delivery, pullRequest: { ...request, updatedAt: new Date().toISOString() } },
    });
    await publish({ state: told(await looked(ref)) });
    later();
    const state = told(await closed(ref));
    later();
    const open = told(await looked(ref));
    await publish({ state: open });
    later();
    const again = { ...state, time: new Date().toISOString() };
    expect(await retire(again)).toMatchObject({ outcome: 'Superseded', commit: COMMIT });
    expect(await direct.objectCommit(pointerOf(open))).toBe(COMMIT);
  });

  it('that is open again keeps its pointer, though one rule’s commit is of before the close', async () => {
    const ref = 'refs/pull/9/head';
    const first = await looked(ref);
    await publish({ state: { ...first, rule: { ...first.rule, name: 'other' } } });
    later();
    const state = await closed(ref);
    later();
    await publish({ state: await looked(ref) });
    const pointer = pointerOf(first);
    const superseded = { outcome: 'Superseded', commit: COMMIT, pointer, startPipeline: false };
    expect(await retire(state)).toEqual(superseded);
    expect(await direct.objectCommit(pointer)).toBe(COMMIT);
  });
});
