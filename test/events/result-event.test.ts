import { describe, expect, it } from 'vitest';
import {
  DELIVERY_ENDED,
  PIPELINE_ENDED,
  resultDetailOf,
  resultDetailSchema,
} from '../../events/result-event.ts';

const least = {
  host: 'github.com',
  deliveryId: 'delivery-1',
  event: 'push',
  receivedAt: '2026-01-02T00:00:00Z',
  rule: 'acme',
  executionArn: 'arn:aws:states:eu-west-1:000000000000:execution:hookline:1',
};

it('the events of an end are called as the rules of users ask for them', () => {
  expect([DELIVERY_ENDED, PIPELINE_ENDED]).toEqual(['delivery ended', 'pipeline ended']);
});

describe('the event of a delivery', () => {
  it('says all that is on record of it', () => {
    const record = {
      ...least,
      repository: 'acme/app',
      ref: 'refs/heads/main',
      commit: 'c0ffee',
      replayName: 'replay-1',
      outcome: 'PipelineStarted',
      error: 'Refused',
      message: 'so it is',
      reason: 'it is a push',
      artifactKey: 'acme.zip',
      versionId: 'v1',
      pipeline: 'site',
      pipelineExecutionId: 'e-1',
      pipelineStatus: 'Failed',
      pipelineEndedAt: '2026-01-03T00:00:00Z',
      pipelineFailedStage: 'Build',
      pipelineFailedAction: 'Compile',
      pipelineMessage: 'it broke',
      key: 'of the table alone',
    };
    const detail = resultDetailOf(record);
    expect(detail).toEqual({
      delivery: {
        host: 'github.com',
        id: 'delivery-1',
        event: 'push',
        repository: 'acme/app',
        ref: 'refs/heads/main',
        commit: 'c0ffee',
        receivedAt: '2026-01-02T00:00:00Z',
        replayName: 'replay-1',
      },
      rule: 'acme',
      outcome: 'PipelineStarted',
      error: 'Refused',
      message: 'so it is',
      reason: 'it is a push',
      executionArn: least.executionArn,
      artifact: { key: 'acme.zip', versionId: 'v1' },
      pipeline: {
        name: 'site',
        executionId: 'e-1',
        status: 'Failed',
        endedAt: '2026-01-03T00:00:00Z',
        failedStage: 'Build',
        failedAction: 'Compile',
        message: 'it broke',
      },
    });
    expect(resultDetailSchema.parse(detail)).toEqual(detail);
  });

  it('has an empty text for whatever is not on record', () => {
    const { delivery, rule, executionArn, artifact, pipeline, ...texts } = resultDetailOf(least);
    expect(new Set(Object.values(texts))).toEqual(new Set(['']));
    expect(new Set(Object.values({ ...artifact, ...pipeline }))).toEqual(new Set(['']));
    expect(delivery).toMatchObject({ repository: '', ref: '', commit: '', replayName: '' });
    const sent = {
      delivery: { ...delivery, ref: undefined },
      rule,
      executionArn,
      artifact: {},
      pipeline: {},
    };
    expect(resultDetailSchema.parse(sent)).toEqual(resultDetailOf(least));
  });

  it('has the time at which the delivery came first, where it came again', () => {
    const first = '2026-01-01T00:00:00Z';
    expect(resultDetailOf({ ...least, firstReceivedAt: first }).delivery.receivedAt).toBe(first);
    expect(resultDetailOf({ ...least, firstReceivedAt: '' }).delivery.receivedAt).toBe(least.receivedAt);
  });

  it.each(['host', 'deliveryId', 'event', 'receivedAt', 'rule', 'executionArn'])(
    'is none of a record without %s',
    (member) => {
      expect(() => resultDetailOf({ ...least, [member]: undefined })).toThrow(member);
    },
  );

  it.each(['InProgress', 'Succeeded', ''])('has the status %j of a pipeline', (pipelineStatus) => {
    expect(resultDetailOf({ ...least, pipelineStatus }).pipeline.status).toBe(pipelineStatus);
  });

  it('has no status that CodePipeline does not know', () => {
    expect(() => resultDetailOf({ ...least, pipelineStatus: 'Paused' })).toThrow('pipelineStatus');
  });
});
