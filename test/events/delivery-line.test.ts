import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameLine, type DeliveryLine, readLine, takenLine } from '../../events/delivery-line.ts';

interface Summary {
  readonly bytes?: number;
  readonly repository: string;
  readonly ref: string;
}

const webhook = (summary: Summary) => ({
  id: 'event-1',
  time: '2026-01-01T00:00:00Z',
  detail: {
    provider: 'github',
    host: 'git.example.com',
    headers: { event: 'push', delivery: 'delivery-1' },
    summary,
  },
});

/** What EventBridge makes of an event: a text goes between the quotes of a text as it is, and elsewhere with its own. */
function written({ inputPathsMap, inputTemplate }: ReturnType<typeof cameLine>, event: object): unknown {
  const valueAt = (path: string): unknown =>
    path
      .split('.')
      .slice(1)
      .reduce<unknown>((value, name) => (value ? Reflect.get(Object(value), name) : undefined), event);
  const filled = inputTemplate.replace(/(:)?<(\w+)>/g, (_, bare = '', name: string) => {
    const value = valueAt(inputPathsMap[name] ?? '') ?? '';
    return bare + (bare ? JSON.stringify(value) : String(value));
  });
  return JSON.parse(filled);
}

const messageOf = (line: unknown): string => String(Reflect.get(Object(line), 'message'));

describe('the line of a delivery', () => {
  it('has the time of the event, and reads as what came', () => {
    const event = webhook({ bytes: 17, repository: 'acme/app', ref: 'refs/heads/main' });
    const line = written(cameLine(), event);
    expect(line).toEqual({
      timestamp: '2026-01-01T00:00:00Z',
      message: 'came event-1 github git.example.com push delivery-1 17 acme/app refs/heads/main',
    });
    expect(readLine(messageOf(line))).toEqual({
      kind: 'came',
      eventId: 'event-1',
      provider: 'github',
      host: 'git.example.com',
      event: 'push',
      deliveryId: 'delivery-1',
      bytes: 17,
      repository: 'acme/app',
      ref: 'refs/heads/main',
    });
  });

  it('reads without the words that the door left out', () => {
    const empty = messageOf(written(cameLine(), webhook({ repository: '', ref: '' })));
    expect(readLine(empty)).toMatchObject({ deliveryId: 'delivery-1', bytes: 0, repository: '', ref: '' });
    const refless = messageOf(written(cameLine(), webhook({ bytes: 3, repository: '?', ref: '' })));
    expect(readLine(refless)).toMatchObject({ bytes: 3, repository: '?', ref: '' });
  });

  it('reads what is there of a line that ends early', () => {
    expect(readLine('came event-1 github')).toEqual({
      kind: 'came',
      eventId: 'event-1',
      provider: 'github',
      host: '',
      event: '',
      deliveryId: '',
      bytes: Number.NaN,
      repository: '',
      ref: '',
    });
  });
});

describe('the line of a rule that took a delivery', () => {
  const read = (event: object): DeliveryLine | undefined =>
    readLine(messageOf(written(takenLine('acme'), event)));

  it('has the time of the event, and names the rule and the replay', () => {
    const event = { id: 'event-1', time: '2026-01-01T00:00:00Z', 'replay-name': 'replay-1' };
    expect(written(takenLine('acme'), event)).toEqual({
      timestamp: event.time,
      message: 'taken event-1 acme replay-1',
    });
    expect(read(event)).toEqual({ kind: 'taken', eventId: 'event-1', rule: 'acme', replayName: 'replay-1' });
    const first = { id: 'event-1', time: event.time };
    expect(read(first)).toEqual({ kind: 'taken', eventId: 'event-1', rule: 'acme', replayName: '' });
  });

  it('reads what is there of a line that ends early', () => {
    expect(readLine('taken')).toEqual({ kind: 'taken', eventId: '', rule: '', replayName: '' });
  });
});

describe('a line of another form', () => {
  it.each([
    '',
    'came',
    'came event-1 gitlab host push',
    'gone event-1 github host push',
    ' came event-1 github',
  ])('is none: %j', (text) => {
    expect(readLine(text)).toBeUndefined();
  });

  it('never fails', () => {
    fc.assert(fc.property(fc.string(), (text) => void readLine(text)));
  });
});
