import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

/** What an account has beside the stack: what the local runtime has none of. */
export interface AccountState {
  /** by quota code: a value, or `undefined` where nobody has changed AWS's default */
  quotas: Readonly<Record<string, number | undefined>>;
  /** what Service Quotas says is AWS's default */
  readonly defaultQuota: number;
  /** by address: whether it has confirmed, or has ended its subscription since */
  subscribers: Readonly<Record<string, boolean | 'ended'>>;
}

export interface FakeAccount {
  readonly state: AccountState;
  /** what sends the AWS SDK's calls of these services here */
  readonly env: Readonly<Record<string, string>>;
  /** the same, where somebody has deleted the secrets */
  readonly envWithoutSecrets: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Service Quotas, SNS and Secrets Manager in AWS's protocols, as far as they are asked; any other call is an error. */
export async function startFakeAccount(state: AccountState): Promise<FakeAccount> {
  const server = createServer((request, response) => {
    answer(state, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const url = `http://127.0.0.1:${port}`;
  const env = { AWS_ENDPOINT_URL_SERVICE_QUOTAS: url, AWS_ENDPOINT_URL_SNS: url };
  return {
    state,
    env,
    envWithoutSecrets: { ...env, AWS_ENDPOINT_URL_SECRETS_MANAGER: url },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(state: AccountState, request: IncomingMessage, response: ServerResponse) {
  const body = await text(request);
  const { 'x-amz-target': target } = request.headers;
  if (target === undefined) return send(response, 200, subscriptions(state));
  const { status = 200, ...answered } = operation(state, String(target), body);
  return send(response, status, JSON.stringify(answered));
}

const quotaInput = z.object({ QuotaCode: z.string() });

function operation(
  state: AccountState,
  target: string,
  body: string,
): Readonly<Record<string, unknown>> & { readonly status?: number } {
  if (target === 'ServiceQuotasV20190624.GetServiceQuota') {
    const value = state.quotas[quotaInput.parse(JSON.parse(body)).QuotaCode];
    return value === undefined
      ? { status: 400, __type: 'NoSuchResourceException', message: 'no such quota' }
      : { Quota: { Value: value } };
  }
  if (target === 'ServiceQuotasV20190624.GetAWSDefaultServiceQuota')
    return { Quota: { Value: state.defaultQuota } };
  if (target === 'secretsmanager.GetSecretValue')
    return {
      status: 400,
      __type: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    };
  return { status: 400, __type: 'UnknownOperation', message: target };
}

// As SNS has them in its list.
const ARN_OF: Readonly<Record<string, string>> = {
  true: 'arn:aws:sns:us-east-1:000000000000:topic:id',
  false: 'PendingConfirmation',
  ended: 'Deleted',
};

function subscriptions({ subscribers }: AccountState): string {
  const members = Object.entries(subscribers).map(
    ([address, confirmed]) =>
      `<member><Endpoint>${address}</Endpoint><Protocol>email</Protocol><SubscriptionArn>${
        ARN_OF[String(confirmed)]
      }</SubscriptionArn></member>`,
  );
  return `<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions>${members.join('')}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`;
}

function send(response: ServerResponse, status: number, body: string): void {
  const type = body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.1';
  response.writeHead(status, { 'content-type': type }).end(body);
}
