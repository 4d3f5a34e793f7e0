import { expect, it } from 'vitest';
import { approvalSchema, approvedIn, pullRequestSchema } from '../../events/pull-request.ts';

const ID = 'a1'.repeat(20);
const LONG = 'b2'.repeat(32);

it.each([
  [ID, true, true],
  [LONG, true, true],
  ['', false, true],
  [ID.slice(1), false, false],
  [`x${ID}`, false, false],
  [`${ID}0`, false, false],
  [`${ID} `, false, false],
  [ID.toUpperCase(), false, false],
])('%j is the commit of a request: %j, of an approval: %j', (commit, ofRequest, ofApproval) => {
  const head = { ref: 'topic', commit };
  const request = {
    number: 1,
    action: 'opened',
    draft: false,
    merged: false,
    fork: false,
    head,
    base: 'main',
  };
  expect(pullRequestSchema.safeParse(request).success).toBe(ofRequest);
  expect(approvalSchema.safeParse({ number: 1, commit }).success).toBe(ofApproval);
});

it.each([0, -1, 1.5])('%j is the number of no request', (number) => {
  expect(approvalSchema.safeParse({ number, commit: '' }).success).toBe(false);
});

it.each([
  [`/ok-to-test ${ID}`, ID],
  [`well\r\n/ok-to-test \t${ID.toUpperCase()} \r\nthanks`, ID],
  [`/ok-to-test ${LONG}`, LONG],
  ['/ok-to-test', ''],
  ['/ok-to-test abc1234', ''],
  [`/ok-to-test ${ID} please`, ''],
  [`/ok-to-test ${ID}0`, ''],
  [`/ok-to-test\n${ID}`, ''],
  [`/ok-to-testing ${ID}`, undefined],
  [` /ok-to-test ${ID}`, undefined],
  [`see /ok-to-test ${ID}`, undefined],
  ['', undefined],
])('the comment %j approves %j', (comment, commit) => {
  expect(approvedIn(comment)).toBe(commit);
});
