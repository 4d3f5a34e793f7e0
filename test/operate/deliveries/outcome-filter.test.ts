import { describe, expect, it } from 'vitest';
import { isWanted, outcomesOf, recordedOutcomes } from '../../../operate/deliveries/outcome-filter.ts';

const asked = (text: string, ...outcomes: string[]) =>
  outcomes.filter((outcome) => isWanted(outcomesOf(text), outcome));

describe('outcomes that are asked for', () => {
  it.each([
    ['failed', ['PullFailed', 'Rejected', 'Failed', 'TimedOut', 'Lambda.Unknown']],
    ['Failed', ['PullFailed', 'Rejected', 'Failed', 'TimedOut', 'Lambda.Unknown']],
    ['running', ['', 'Pending']],
    ['', ['', 'Pending']],
    ['done', ['Published', 'Ignored', 'Succeeded']],
    ['published, STOPPED', ['Published', 'Stopped']],
    ['failed,!Rejected,!timedout', ['PullFailed', 'Failed', 'Lambda.Unknown']],
    ['!failed,!done', ['', 'Pending', 'Stopped']],
  ])('%j', (text, wanted) => {
    const all = ['', 'Pending', 'PullFailed', 'Rejected', 'Failed', 'TimedOut', 'Lambda.Unknown'];
    const found = asked(text, ...all, 'Published', 'Ignored', 'Succeeded', 'Stopped');
    expect(found.toSorted()).toEqual(wanted.toSorted());
  });

  it.each([
    ['Stopped', ['Stopped'], true],
    ['TimedOut', ['TimedOut'], true],
    ['running', [], true],
    ['Published', ['Published'], false],
    ['Unmatched', [], false],
  ])('%j reads rows without an outcome where the end may not be on record yet', (text, names, open) => {
    expect(recordedOutcomes(outcomesOf(text))).toEqual({ names, open });
  });

  it('an unknown word is refused with the words there are, and so is what asks for none', () => {
    expect(() => outcomesOf('*Failed')).toThrow(
      'no outcome "*Failed": write one of running, failed, done, Pong',
    );
    expect(() => outcomesOf('failed,!failed')).toThrow('leaves no outcome');
  });
});
