import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

const content = z.tuple([z.string(), z.string()]);

export function receiptHandle(id: string, receipt: string): string {
  return Buffer.from(JSON.stringify([id, receipt])).toString('base64url');
}

/** @throws ReceiptHandleIsInvalid */
export function readReceipt(handle: string): { id: string; receipt: string } {
  try {
    const [id, receipt] = content.parse(JSON.parse(Buffer.from(handle, 'base64url').toString()));
    return { id, receipt };
  } catch {
    throw new AwsError('ReceiptHandleIsInvalid', `the input receipt handle is invalid: ${handle}`);
  }
}
