import { describe, expect, it } from 'vitest';
import { logText } from '../../operate/format.ts';

const line = {
  ...{ level: 'ERROR', message: 'failed', timestamp: '2026-01-31T10:00:00Z', service: 'hookline' },
  ...{ cold_start: true, function_arn: 'arn:aws:lambda:f', sampling_rate: 0, step: 'validate' },
};

describe('a line of a log', () => {
  it.each([
    ['of a function has its words alone', JSON.stringify(line), 'ERROR failed'],
    [
      'has what the function added',
      JSON.stringify({
        ...line,
        errorName: 'Rejected',
        errorMessage: 'no secret',
        tries: 2,
        more: { a: [1] },
      }),
      'ERROR failed errorName=Rejected errorMessage="no secret" tries=2 more={"a":[1]}',
    ],
    ['of a build stays', 'fatal: {it} was not found', 'fatal: {it} was not found'],
    ['that is cut off stays', '{"level":"INFO","mess', '{"level":"INFO","mess'],
    ['of another kind of JSON stays', '{"a":1}', '{"a":1}'],
    ['that begins as JSON and is no object stays', '{}', '{}'],
  ])('%s', (_, text, wanted) => expect(logText(text)).toBe(wanted));
});
