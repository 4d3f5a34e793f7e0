import { AwsError } from '../../core/aws-error.ts';
import type { Principal } from '../../core/cloud.ts';
import { connectionByArn } from './connections.ts';
import { type Fault, Undelivered } from './fault.ts';
import { type State, throwNotFound } from './tables.ts';

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
const LONGEST_ANSWER = 5_000;
const RETRIED = new Set([401, 407, 409, 429]);
const HEADERS = {
  'user-agent': 'Amazon/EventBridge/ApiDestinations',
  'content-type': 'application/json; charset=utf-8',
  range: 'bytes=0-1048575',
  'accept-encoding': 'gzip,deflate',
  connection: 'close',
} as const;

/**
 * Posts a target's input to the endpoint of an API destination.
 * @throws AccessDenied, ResourceNotFoundException, Undelivered for any answer but one of success
 */
export async function invokeDestination(
  state: State,
  arn: string,
  body: string,
  as: Principal,
): Promise<void> {
  if (!state.cloud.policies.allows(as, 'events:InvokeApiDestination', arn))
    throw new AwsError(
      'AccessDenied',
      `${as.arn} may not perform events:InvokeApiDestination on ${arn}`,
      403,
    );
  const destination = state.destinations.get(arn.split('/')[1] ?? '');
  if (destination?.arn !== arn) throwNotFound(`ApiDestination ${arn} does not exist.`);
  const connection = connectionByArn(state, destination.connectionArn);
  if (!connection) throwNotFound(`the connection of ${arn} does not exist`);
  const headers = { ...HEADERS, [connection.header.toLowerCase()]: connection.secret };
  const response = await post(destination.endpoint, headers, body);
  if (!response.ok) throw new Undelivered(faultOfAnswer(response));
}

async function post(endpoint: string, headers: Record<string, string>, body: string): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(LONGEST_ANSWER);
    const response = await fetch(endpoint, { method: 'POST', headers, body, redirect: 'manual', signal });
    // Nobody reads what it says, and its end is not waited for.
    response.body?.cancel().catch(() => undefined);
    return response;
  } catch (cause) {
    throw new Undelivered({ code: 'INTERNAL_ERROR', message: reasonOf(endpoint, cause), retryable: true });
  }
}

/** Nothing of the request: it has the secret. */
function reasonOf(endpoint: string, error: unknown): string {
  if (!(error instanceof Error)) return `${endpoint} did not answer`;
  if (error.name === 'TimeoutError') return `${endpoint} did not answer within ${LONGEST_ANSWER / 1000} s`;
  const { code = error.name } = { ...(error.cause instanceof Error && error.cause) } as { code?: string };
  return `${endpoint} did not answer: ${code}`;
}

function faultOfAnswer({ status, url, headers }: Response): Fault {
  const message = `${url} answered ${status}`;
  const code = status === 429 ? 'THROTTLING' : status < 500 ? 'SDK_CLIENT_ERROR' : 'INTERNAL_ERROR';
  const wait = millisecondsOf(headers.get('retry-after'));
  const retryable = (RETRIED.has(status) || status >= 500) && wait >= 0;
  return { code, message, retryable, wait };
}

/** What `Retry-After` asks for: seconds, or a date. */
function millisecondsOf(retryAfter: string | null): number {
  if (retryAfter === null) return 0;
  if (/^-?\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.now());
}
