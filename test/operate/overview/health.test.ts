import { describe, expect, it } from 'vitest';
import { rowSchema } from '../../../operate/deliveries/row.ts';
import { healthOf } from '../../../operate/overview/health.ts';

const row = (more: Partial<Record<string, string>>) =>
  rowSchema.parse({
    ...{ id: 'a', executionArn: 'a', rule: 'default', host: 'h', event: 'push', deliveryId: 'a' },
    ...{ receivedAt: '2026-01-31T10:00:00Z', updatedAt: '2026-01-31T10:00:00Z', ...more },
  });

describe('the health of a span', () => {
  it('has the last delivery that came through the door, which no redelivery did', () => {
    const again = row({ replayName: 'redeliver-1', receivedAt: '2026-01-31T12:00:00Z' });
    expect(healthOf([again, row({})])[0]).toEqual({
      name: 'door',
      result: 'ok',
      message: 'the last delivery came at 2026-01-31 10:00:00 UTC',
    });
    expect(healthOf([again])[0]).toMatchObject({ name: 'door', result: 'not checked' });
  });

  it('counts the pulls that failed by their builds, and no others', () => {
    const errors = ['BuildKilled', 'RepositoryMissing', 'BuildKilled', 'BuildLimit'];
    const rows = errors.map((error) => row({ error, outcome: 'PullFailed' }));
    expect(healthOf(rows)[1]).toMatchObject({
      result: 'warning',
      message: '3 pulls failed by their builds: 2 BuildKilled, 1 BuildLimit',
    });
    expect(healthOf(rows.slice(1, 2))[1]).toMatchObject({ name: 'builds', result: 'ok' });
  });
});
