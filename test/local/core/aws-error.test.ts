import { expect, it } from 'vitest';
import { asAwsError } from '../../../local/core/aws-error.ts';
import { asNotWritten, StateNotWritten } from '../../../local/core/not-written.ts';

it('a full disk is a failure of the service, told in one line without a stack', () => {
  const { code, message, status } = asAwsError(new StateNotWritten('the disk of /data is full: make room'));
  expect({ code, message, status }).toEqual({
    code: 'InternalFailure',
    message: 'the disk of /data is full: make room',
    status: 500,
  });
});

it('a file that a full disk does not take is told as the state is, and any other failure as it is', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(asNotWritten('/data', full)).toMatchObject({
    name: 'StateNotWritten',
    message: 'the disk of /data is full: make room; nothing that was accepted is lost',
    cause: full,
  });
  const other = Object.assign(new Error('EACCES'), { code: 'EACCES' });
  expect(asNotWritten('/data', other)).toBe(other);
});
