import { ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import type * as z from 'zod';
import { type ProviderName, providerNamed } from '../../events/providers/index.ts';
import { rawInputSchema } from '../../events/raw-input.ts';
import type { Connection } from '../connection/connection.ts';
import { visible } from '../format.ts';
import { describeExecution } from './delivery.ts';
import type { DeliveryRow } from './row.ts';

/** The request of a webhook, as far as it is kept. */
export interface WebhookRequest {
  readonly provider: ProviderName;
  /** whether the signature was checked: what is not verified may be anybody's */
  readonly verified: boolean;
  /** the host's own names of the headers, and their values; a header that was missing is left out */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** the body as it was signed */
  readonly body: string;
}

const inputSchema = rawInputSchema.pick({ provider: true, host: true, headers: true, body: true });

/**
 * The request that a delivery came by, from the input of its execution.
 * @throws for a delivery that was too large for an execution's input, as only the archive has its body
 */
export async function requestOf(connection: Connection, row: DeliveryRow): Promise<WebhookRequest> {
  const { provider, host, headers, body } = await inputOf(connection, row);
  return {
    provider,
    verified: row.verified,
    headers: headersOf(provider, { ...headers, host }),
    body: Buffer.from(body, 'base64').toString(),
  };
}

/** What a host has signed, and how. @returns undefined where the execution does not have it, or is not kept any more */
export async function signedOf(
  connection: Connection,
  { executionArn }: DeliveryRow,
): Promise<
  { readonly provider: ProviderName; readonly signature: string; readonly body: Buffer } | undefined
> {
  const execution = await describeExecution(connection, executionArn).catch((error: unknown) => {
    if (!(error instanceof ExecutionDoesNotExist)) throw error;
    return undefined;
  });
  const parsed = inputSchema.safeParse(JSON.parse(execution?.input ?? 'null'));
  if (!parsed.success) return undefined;
  const { provider, headers, body } = parsed.data;
  return { provider, signature: headers.signature, body: Buffer.from(body, 'base64') };
}

async function inputOf(connection: Connection, row: DeliveryRow): Promise<z.infer<typeof inputSchema>> {
  if (row.executionArn === '')
    throw new Error(
      `no rule took ${row.deliveryId}, so that no execution has its body: only the archive has it, which can be replayed and not read`,
    );
  const { input } = await describeExecution(connection, row.executionArn);
  const parsed = inputSchema.safeParse(JSON.parse(input));
  if (!parsed.success)
    throw new Error(
      `the body of ${row.deliveryId || row.executionArn} is too large for an execution: only the archive has it, which can be replayed and not read`,
    );
  return parsed.data;
}

function headersOf(
  provider: ProviderName,
  { event, delivery, signature, host }: Readonly<Record<'event' | 'delivery' | 'signature' | 'host', string>>,
): WebhookRequest['headers'] {
  const { door, usualHost } = providerNamed(provider);
  const names = door.headers;
  const headers = [
    ['Content-Type', 'application/json'],
    [names.event, event],
    [names.delivery, delivery],
    [names.signature, signature],
    // What comes from the usual host does not name it.
    [names.host, host === usualHost.name ? '' : host],
  ] as const;
  return headers.filter(([, value]) => value !== '');
}

/**
 * The request as a call of curl for a POSIX shell, which reads the body from its standard input.
 * @param url of the door
 */
export function curlOf({ headers, body }: WebhookRequest, url: string): string {
  const options = headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return `${printing(body)} | curl -sS ${options.join(' ')} --data-binary @- ${quoted(url)}`;
}

/** A terminal and the clipboard may change control characters, and the signature is over each byte. */
const printing = (body: string): string =>
  visible(body) === body
    ? `printf %s ${quoted(body)}`
    : `printf %s ${Buffer.from(body).toString('base64')} | base64 -d`;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
