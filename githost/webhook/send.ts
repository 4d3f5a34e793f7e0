import type { DeliveryRecord } from './deliveries.ts';

// GitHub's: an answer that takes longer is none.
const TIMEOUT_MS = 10_000;

// An answer is kept for people to read, so that its beginning is enough.
const MAX_ANSWER_BYTES = 64 * 1024;

type Result = Pick<DeliveryRecord, 'deliveredAt' | 'duration' | 'status' | 'statusCode' | 'response'>;

/** Sends a delivery once. @returns the result; undefined when `stop` came first */
export async function send(
  { url, request }: Pick<DeliveryRecord, 'url' | 'request'>,
  stop: AbortSignal,
): Promise<Result | undefined> {
  const began = Date.now();
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const result = (status: string, statusCode: number, response: DeliveryRecord['response']): Result => ({
    deliveredAt: new Date(began).toISOString(),
    duration: (Date.now() - began) / 1000,
    status,
    statusCode,
    response,
  });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: request.headers,
      body: request.body,
      // A webhook follows no redirect.
      redirect: 'manual',
      signal: AbortSignal.any([stop, timeout]),
    });
    const body = (await response.text()).slice(0, MAX_ANSWER_BYTES);
    const status = response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`;
    return result(status, response.status, { headers: Object.fromEntries(response.headers), body });
  } catch (error) {
    if (stop.aborted) return undefined;
    return result(timeout.aborted ? 'timed out' : `failed to connect: ${failureReason(error)}`, 0, {
      headers: {},
      body: '',
    });
  }
}

/** The error of `fetch` holds the reason in its cause. */
function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}
