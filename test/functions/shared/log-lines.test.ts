import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logged, logger } from '../../../functions/shared/logged.ts';
import { context } from '../../support/functions/validate-aws.ts';

const handlers = {
  approve: () => import('../../../functions/approve/index.ts'),
  claim: () => import('../../../functions/claim/index.ts'),
  diagnose: () => import('../../../functions/diagnose/index.ts'),
  overflow: () => import('../../../functions/overflow/index.ts'),
  'pipeline-result': () => import('../../../functions/pipeline-result/index.ts'),
  publish: () => import('../../../functions/publish/index.ts'),
  'pull-token': () => import('../../../functions/pull-token/index.ts'),
  reconcile: () => import('../../../functions/reconcile/index.ts'),
  'record-end': () => import('../../../functions/record-end/index.ts'),
  report: () => import('../../../functions/report/index.ts'),
  retire: () => import('../../../functions/retire/index.ts'),
  'start-pipeline': () => import('../../../functions/start-pipeline/index.ts'),
  // Without rules in front of its bundle.
  sweep: () => import('../../../functions/sweep/index.ts'),
  'take-down': () => import('../../../functions/take-down/index.ts'),
  validate: () => import('../../../functions/validate/index.ts'),
};

let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = [];
  Reflect.deleteProperty(globalThis, 'HOOKLINE_RULES');
  const write = (chunk: string | Uint8Array) => {
    lines.push(JSON.parse(String(chunk)));
    return true;
  };
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation(write);
});
afterEach(() => void vi.restoreAllMocks());

it.each(Object.entries(handlers))(
  'a line of %s names the function, and a wrong input fails it',
  async (step, load) => {
    const { handler } = await load();
    await expect(handler({ executionArn: 'arn:me', wrong: 'input' }, context)).rejects.toThrow();
    expect(lines).toEqual([
      expect.objectContaining({ level: 'ERROR', message: 'failed', step, executionArn: 'arn:me' }),
    ]);
  },
);

describe('the line of a function that', () => {
  const run = async (event: unknown, handle: () => Promise<unknown>) => {
    logger.appendKeys({ left: 'from the call before' });
    await logged('step', handle)(event, context).catch(() => undefined);
    const [line, ...others] = lines;
    expect(others).toEqual([]);
    return line;
  };

  it('ends well has the execution and the outcome', async () => {
    const line = await run({ executionArn: 'arn:me' }, async () => ({ outcome: 'Claimed', more: 1 }));
    expect(line).toMatchObject({
      ...{ level: 'INFO', message: 'done', step: 'step', executionArn: 'arn:me', outcome: 'Claimed' },
      function_request_id: context.awsRequestId,
    });
    expect(line).not.toHaveProperty('left');
    expect(line).not.toHaveProperty('more');
  });

  it.each([
    [null, null],
    ['text', 'text'],
    [{ executionArn: 7 }, { outcome: 7 }],
    [{}, {}],
    [undefined, undefined],
  ])('is told of no execution, and answers no outcome, has neither: %j', async (event, output) => {
    const line = await run(event, async () => output);
    expect(line).toMatchObject({ message: 'done' });
    expect(line).not.toHaveProperty('executionArn');
    expect(line).not.toHaveProperty('outcome');
  });

  it('fails has the name and the message of the error, also of what is no error', async () => {
    const failure = Object.assign(new Error('no place'), { name: 'BuildLimit' });
    expect(await run({}, () => Promise.reject(failure))).toMatchObject({
      ...{ level: 'ERROR', message: 'failed', errorName: 'BuildLimit', errorMessage: 'no place' },
    });
    lines = [];
    expect(await run({}, () => Promise.reject('a text'))).toMatchObject({
      ...{ message: 'failed', errorName: 'Error', errorMessage: 'a text' },
    });
  });
});
