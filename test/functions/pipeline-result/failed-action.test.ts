import { expect, it } from 'vitest';
import { failedAction } from '../../../functions/pipeline-result/failed-action.ts';
import { answeredCalls, awsError } from '../../support/functions/answer-calls.ts';

const answers = answeredCalls();
const failed = (executionResult?: object) => ({
  ...{ stageName: 'Build', actionName: 'Compile', status: 'Failed' },
  ...(executionResult && { output: { executionResult } }),
});
const found = (...actionExecutionDetails: object[]) => {
  answers.ListActionExecutions = () => ({ actionExecutionDetails });
  return failedAction('deploy', 'execution-1');
};
const of = { stage: 'Build', action: 'Compile' };

it('is the newest that failed, on whichever page', async () => {
  const asked: unknown[] = [];
  const pages: Record<string, object> = {
    first: {
      actionExecutionDetails: [{ status: 'Succeeded' }, { status: 'InProgress' }],
      nextToken: 'second',
    },
    second: { nextToken: 'third' },
    third: {
      actionExecutionDetails: [{ status: 'Abandoned' }, failed(), failed({ errorDetails: { message: 'x' } })],
    },
  };
  answers.ListActionExecutions = (input) => {
    asked.push(input);
    return pages[String(input.nextToken ?? 'first')];
  };
  expect(await failedAction('deploy', 'execution-1')).toEqual({ ...of, message: '', summary: '', url: '' });
  const filter = { pipelineExecutionId: 'execution-1' };
  expect(asked).toEqual(
    [undefined, 'second', 'third'].map((nextToken) => ({ pipelineName: 'deploy', filter, nextToken })),
  );
});

it('is none where none failed, or where the pipeline or its execution is there no more', async () => {
  expect(await found({ status: 'Succeeded' })).toBeUndefined();
  for (const name of ['PipelineNotFoundException', 'PipelineExecutionNotFoundException']) {
    answers.ListActionExecutions = () => Promise.reject(awsError(name));
    expect(await failedAction('deploy', 'execution-1')).toBeUndefined();
  }
  for (const error of [awsError('ThrottlingException'), { name: 'PipelineNotFoundException' }]) {
    answers.ListActionExecutions = () => Promise.reject(error);
    await expect(failedAction('deploy', 'execution-1')).rejects.toBe(error);
  }
});

it('says what the action says, its first line cut to 400 letters', async () => {
  const text = `  ${'x'.repeat(500)}\r\nsecond\t line\n`;
  expect(await found(failed({ errorDetails: { message: text }, externalExecutionSummary: 'other' }))).toEqual(
    {
      ...{ ...of, url: '', summary: text.trim() },
      message: expect.stringMatching(/^x{390,399}.*$/),
    },
  );
  const { message = '' } = (await found(failed({ errorDetails: { message: text } }))) ?? {};
  expect(message.length).toBeLessThanOrEqual(400);
  expect(
    await found(failed({ errorDetails: {}, externalExecutionSummary: 'one\ttwo\nthree' })),
  ).toMatchObject({
    ...{ message: 'one two', summary: 'one\ttwo\nthree' },
  });
  expect(await found({ status: 'Failed' })).toEqual({
    stage: '',
    action: '',
    message: '',
    summary: '',
    url: '',
  });
});

it('has the page of what it has run where that is one', async () => {
  const urlOf = async (externalExecutionUrl: string) => (await found(failed({ externalExecutionUrl })))?.url;
  expect(await urlOf('https://console.test/a?b#c')).toBe('https://console.test/a?b#c');
  for (const wrong of [
    'http://console.test',
    'javascript:https://a',
    'https://a) [b](c',
    'https://a b',
    'https://a(',
    'https://a\n',
    'https://',
    '',
  ])
    expect(await urlOf(wrong)).toBe('');
});
