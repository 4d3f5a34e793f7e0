import { randomUUID } from 'node:crypto';
import { ADMINISTRATOR } from '../../core/account-and-region.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud, Principal } from '../../core/cloud.ts';
import { gatewayRole } from './integration.ts';
import { at } from './responses.ts';

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

// The lines of a flood are written together.
const FLUSH_AFTER = 250;
// A line may have all of a request's headers, 16 kB, and the quotes of their quotes; a call takes 1 MB.
const MOST_LINES = 30;

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html#set-up-access-logging-permissions
const LOG_ACTIONS = [
  'CreateLogGroup',
  'CreateLogStream',
  'DescribeLogGroups',
  'DescribeLogStreams',
  'PutLogEvents',
  'GetLogEvents',
  'FilterLogEvents',
].map((action) => `logs:${action}`);

/** @throws BadRequestException for a role that API Gateway may not take up, or that may not write logs, at which it looks at once */
function checkRole(cloud: Cloud, roleArn: string): void {
  const role = gatewayRole(cloud, roleArn);
  const denied = LOG_ACTIONS.find((action) => !cloud.policies.allows(role, action, '*'));
  if (denied === undefined) return;
  throw new AwsError(
    'BadRequestException',
    `The role ARN ${roleArn} does not have required permissions configured: allow ${denied} on *, as AmazonAPIGatewayPushToCloudWatchLogs does`,
  );
}

/** The access logs of stages: a line for each request, never its body. */
export class AccessLogs {
  private readonly stream = `${new Date().toISOString().slice(0, 10)}-${randomUUID()}`;
  private readonly streams = new Map<string, Promise<unknown>>();
  private readonly waiting = new Map<string, LogEvent[]>();
  private last: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private roleArn: string | undefined;

  constructor(private readonly cloud: Cloud) {}

  /** The role that writes; until there is one, the administrator: the account's setting may stand outside of the template. */
  writeAs(roleArn: string): void {
    checkRole(this.cloud, roleArn);
    this.roleArn = roleArn;
  }

  /** Writes a line in the background: whoever sent the request does not wait for its log. */
  write(group: string, format: string, context: Record<string, unknown>): void {
    if (this.closed) return;
    const message = format.replace(/\$context\.([\w.]+\w)/g, (_, path: string) => {
      const value = at(context, path);
      // Inside the quotes of a JSON format.
      return value === undefined || value === '' ? '-' : JSON.stringify(String(value)).slice(1, -1);
    });
    const lines = this.waiting.get(group) ?? [];
    this.waiting.set(group, lines);
    lines.push({ timestamp: Math.max(Date.now(), lines.at(-1)?.timestamp ?? 0), message });
    if (lines.length >= MOST_LINES) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_AFTER);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const [group, lines] of waiting)
      this.last = Promise.all([this.last, this.put(group, lines)]).catch((error: unknown) =>
        this.cloud.warn(`lines of the access log could not be written to ${group}: ${String(error)}`),
      );
  }

  /** when every line so far is written; whoever is answered later, as the runtime ends, has none */
  async close(): Promise<void> {
    this.closed = true;
    this.flush();
    await this.last;
  }

  private async put(logGroupName: string, logEvents: readonly LogEvent[]): Promise<void> {
    const stream = { logGroupName, logStreamName: this.stream };
    const made = this.streams.get(logGroupName) ?? this.call('CreateLogStream', stream);
    this.streams.set(logGroupName, made);
    await made.catch((error: unknown) => {
      // The next line tries again.
      this.streams.delete(logGroupName);
      throw error;
    });
    await this.call('PutLogEvents', { ...stream, logEvents });
  }

  private async call(operation: string, input: object): Promise<unknown> {
    return this.cloud.call('logs', operation, input, this.writer());
  }

  private writer(): Principal {
    if (this.roleArn !== undefined) return gatewayRole(this.cloud, this.roleArn);
    return { arn: ADMINISTRATOR, accessKeyId: 'apigateway' };
  }
}
