import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { claim } from '../../functions/claim/claim.ts';
import { diagnose } from '../../functions/diagnose/diagnose.ts';
import { nextToken } from '../../functions/pull/fencing-token.ts';
import { report } from '../../functions/report/report.ts';
import { retire } from '../../functions/retire/retire.ts';
import { pointerOf } from '../../functions/shared/move-pointer.ts';
import { startPipeline } from '../../functions/start-pipeline/start-pipeline.ts';
import { outcomes, PENDING } from '../../statemachine/outcomes.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { definition } from '../support/definition.ts';
import { startDirect } from '../support/functions/direct.ts';
import { publish } from '../support/functions/publish.ts';
import { pulledState, type Steps } from '../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startDirect();
});
afterAll(() => steps?.close());

const COMMIT = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const ME = 'arn:aws:states:us-east-1:000000000000:execution:hookline:me';

async function pulled(more: Partial<Pulled['pull']> = {}): Promise<Pulled> {
  const artifact = await steps.putArtifact(COMMIT);
  const { token } = await nextToken(pointerOf(pulledState('refs/heads/main', {})));
  const pull = { token, commit: COMMIT, tip: COMMIT, tipKey: artifact.key, ...artifact, ...more };
  return { ...pulledState('refs/heads/main', pull), key: `k${token}` };
}

const taskSchema = z.looseObject({
  Parameters: z.looseObject({ FunctionName: z.string().optional() }).optional(),
  ResultSelector: z.record(z.string(), z.unknown()).default({}),
});
const { States } = z.object({ States: z.record(z.string(), taskSchema) }).parse(definition);

/** The members of a function's answer that some state selects: a missing one is States.Runtime, which nothing catches. */
function selected(name: string): string[] {
  const states = Object.values(States).filter(({ Parameters }) => Parameters?.FunctionName === name);
  const paths = states.flatMap(({ ResultSelector }) => Object.values(ResultSelector).map(String));
  // The whole answer is there whatever it is.
  const members = paths.filter((path) => path !== '$.Payload');
  return [...new Set(members.map((path) => path.replace('$.Payload.', '')))].sort();
}

/** An answer as Lambda hands it on. */
const sent = (answer: unknown): object => z.looseObject({}).parse(JSON.parse(JSON.stringify(answer)));

const gone = () => pulled({ outcome: 'gone', commit: '', tip: '', key: '', versionId: '', tipKey: '' });
/** The host has another commit at the ref. */
const movedOn = async () =>
  publish({ state: await pulled({ tip: OTHER, tipKey: (await steps.putArtifact(OTHER)).key }) });
const claiming = (executionArn: string) => async () => {
  steps.executions.set(ME, 'RUNNING');
  return claim({ executionArn, state: { ...pulledState('refs/heads/c', {}), key: 'claimed' } });
};
const reporting = (outcome: string) => async () =>
  report({ outcome, executionArn: ME, state: { ...(await pulled()), error: { Error: 'E', Cause: 'c' } } });

const answers: readonly [string, string, () => Promise<unknown>][] = [
  ['claim', 'that is taken', claiming(ME)],
  ['claim', 'of a duplicate', claiming('arn:other')],
  ['publish', 'of what is newest', async () => publish({ state: await pulled() })],
  ['publish', 'of what has moved on', movedOn],
  ['publish', 'of a ref that is gone', async () => publish({ state: await gone() })],
  ['retire', 'of a ref that is gone', async () => retire({ state: await gone() })],
  ['retire', 'of a ref that is there', async () => retire({ state: await pulled() })],
  ['start-pipeline', 'that starts', async () => startPipeline({ executionArn: ME, state: await pulled() })],
  ...[PENDING, ...Object.values(outcomes)].map((outcome): [string, string, () => Promise<unknown>] => [
    'report',
    `of ${outcome}`,
    reporting(outcome),
  ]),
  [
    'diagnose',
    'of the first failure',
    () => diagnose({ state: { pullError: { Error: 'States.Timeout', Cause: '' } } }),
  ],
  [
    'diagnose',
    'of a later failure',
    () =>
      diagnose({
        state: {
          pullError: { Error: 'CodeBuild.ThrottlingException', Cause: '' },
          error: { attempts: 1, since: new Date().toISOString(), more: {} },
        },
      }),
  ],
];

it.each(answers)('%s %s answers with every member that the machine selects', async (name, _what, answer) => {
  expect(selected(name).length).toBeGreaterThan(1);
  expect(Object.keys(sent(await answer()))).toEqual(expect.arrayContaining(selected(name)));
});
