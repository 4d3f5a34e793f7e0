import * as z from 'zod';
import type { Cloud } from '../../core/cloud.ts';
import type { Pipe } from './pipe.ts';

const messages = z.object({
  Messages: z
    .array(
      z.object({
        MessageId: z.string(),
        ReceiptHandle: z.string(),
        Body: z.string(),
        MD5OfBody: z.string(),
        Attributes: z.record(z.string(), z.string()).default({}),
        MessageAttributes: z
          .record(
            z.string(),
            z.object({
              DataType: z.string(),
              StringValue: z.string().optional(),
              BinaryValue: z.string().optional(),
            }),
          )
          .default({}),
      }),
    )
    .default([]),
});

/** A message in the shape in which Lambda and Pipes know it. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, object>>;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** The records of what ReceiveMessage answered. */
export function recordsOf(cloud: Cloud, pipe: Pipe, received: unknown): SqsRecord[] {
  return messages.parse(received).Messages.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        { dataType: DataType, stringValue: StringValue, binaryValue: BinaryValue },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: pipe.source,
    awsRegion: cloud.region,
  }));
}

/** Whether the pipe's filters take a record; a pattern looks into a body that is JSON, as Pipes does. */
export function passes({ filters }: Pipe, record: SqsRecord): boolean {
  if (filters.length === 0) return true;
  const event = { ...record, body: content(record.body) };
  return filters.some((filter) => filter(event));
}

function content(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : body;
  } catch {
    return body;
  }
}
