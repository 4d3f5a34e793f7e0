import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { type FakeDeliveries, fakeDeliveries } from './fake-deliveries.ts';
import { batchGet, query } from './fake-query.ts';
import { type FakeReplays, fakeReplays } from './fake-replays.ts';

/**
 * As much of AWS as a list of deliveries is read from, and events are replayed by, in AWS's protocols; any other call is an
 * error that names it.
 */
export interface FakeAws extends Pick<FakeDeliveries, 'arrive'> {
  readonly endpoint: string;
  readonly replays: FakeReplays;
  /** the inputs of the calls of an operation so far, `DynamoDB_20120810.Query` */
  calls(target: string): readonly unknown[];
  close(): Promise<void>;
}

export const STACK = 'Hookline';
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';

const OUTPUTS: Readonly<Record<string, string>> = {
  WebhookUrl: 'https://api.example.com/webhooks/github',
  Bucket: 'artifacts',
  StateMachineArn: MACHINE,
  DeliveryLog: '/aws/events/hookline/deliveries',
  BusName: 'hookline',
  ArchiveName: 'hookline-archive',
  DeliveriesTable: 'deliveries',
  RefsTable: 'refs',
  WebhookSecretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook',
  HostsParameter: '/hookline/hosts',
  DeadQueueUrl: 'https://sqs.example.com/dead',
  OverflowQueueUrl: 'https://sqs.example.com/overflow',
  UnrecordedQueueUrl: 'https://sqs.example.com/unrecorded',
  PullProjectPrefix: 'hookline-pull-',
};

/** An answer of the JSON protocol by the call's target. */
type Operations = Readonly<Record<string, (input: unknown) => object>>;

/** @param count of deliveries, one of them, the number `rare`, of the repository `rare/needle` */
export async function startFakeAws(count: number, { rare = -1 } = {}): Promise<FakeAws> {
  const deliveries = fakeDeliveries(count, rare);
  const replays = fakeReplays();
  const operations: Operations = {
    ...replays.operations,
    // Rules took all of them, and nobody has asked which.
    'Logs_20140328.FilterLogEvents': () => ({ events: [] }),
    'DynamoDB_20120810.Query': (input) => query(deliveries, input),
    'DynamoDB_20120810.BatchGetItem': (input) => batchGet(deliveries, input),
    ...executions(Date.now() / 1000),
  };
  const calls: { target: string; input: unknown }[] = [];
  const perform = (target: string, input: unknown): object => {
    calls.push({ target, input });
    const operation = operations[target];
    return operation ? operation(input) : { __type: 'UnknownOperation', message: target };
  };
  const server = createServer((request, response) => {
    answer(perform, request, response).catch((error: unknown) => send(response, 500, String(error)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    endpoint: `http://127.0.0.1:${port}`,
    arrive: deliveries.arrive,
    replays,
    calls: (wanted) => calls.filter(({ target }) => target === wanted).map(({ input }) => input),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** An error has its name as `__type`. */
type Perform = (target: string, input: unknown) => object;

async function answer(perform: Perform, request: IncomingMessage, response: ServerResponse) {
  const body = await text(request);
  const { 'x-amz-target': target } = request.headers;
  if (target === undefined) return describeStacks(new URLSearchParams(body), response);
  const answered = perform(String(target), JSON.parse(body));
  send(response, '__type' in answered ? 400 : 200, JSON.stringify(answered));
}

function describeStacks(form: URLSearchParams, response: ServerResponse): void {
  const [action, name] = [form.get('Action'), form.get('StackName')];
  if (action !== 'DescribeStacks') send(response, 400, failure(`no ${action} here`));
  else if (name !== STACK) send(response, 400, failure(`Stack with id ${name} does not exist`));
  else send(response, 200, `<R><DescribeStacksResult><Stacks>${stack()}</Stacks></DescribeStacksResult></R>`);
}

function stack(): string {
  const outputs = Object.entries(OUTPUTS).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const status =
    '<CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>';
  return `<member><StackName>${STACK}</StackName>${status}<Outputs>${outputs.join('')}</Outputs></member>`;
}

const failure = (message: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`;

const described = z.object({ executionArn: z.string() });
const started = z.object({ name: z.string().optional() });
// The deployment of this time kept nothing of its executions.
const EXPIRED = /:expired$/;

/** Step Functions with one failed execution, of a forged delivery; any other runs, but those that are not kept any more. */
function executions(startDate: number): Operations {
  const executionArn = `${MACHINE.replace(':stateMachine:', ':execution:')}:forged`;
  const execution = { executionArn, stateMachineArn: MACHINE, name: 'forged', status: 'FAILED', startDate };
  const headers = { event: 'push', delivery: 'forged' };
  const input = JSON.stringify({ rule: 'default', host: 'github.com', headers });
  const names = new Set<string>();
  const describe = (arn: string): object =>
    EXPIRED.test(arn)
      ? { __type: 'ExecutionDoesNotExist', message: `Execution Does Not Exist: '${arn}'` }
      : { executionArn: arn, status: 'RUNNING', startDate, input: JSON.stringify({ rule: 'default' }) };
  return {
    'AWSStepFunctions.StartExecution': (given) => {
      const { name = String(names.size) } = started.parse(given);
      if (names.has(name)) return { __type: 'ExecutionAlreadyExists', message: name };
      names.add(name);
      return { executionArn: executionArn.replace('forged', name), startDate };
    },
    'AWSStepFunctions.ListExecutions': () => ({ executions: [execution] }),
    'AWSStepFunctions.DescribeExecution': (given) =>
      described.parse(given).executionArn === executionArn
        ? { ...execution, stopDate: startDate, error: 'Rejected', input }
        : describe(described.parse(given).executionArn),
  };
}

function send(response: ServerResponse, status: number, body: string): void {
  const type = body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.0';
  response.writeHead(status, { 'content-type': type }).end(body);
}
