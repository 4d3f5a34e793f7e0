import { randomUUID } from 'node:crypto';
import type { Cloud, Principal } from '../../core/cloud.ts';
import { gatewayRole } from './integration.ts';
import { at } from './responses.ts';

/** The access logs of stages: a line for each request, never its body. */
export class AccessLogs {
  private readonly stream = `${new Date().toISOString().slice(0, 10)}-${randomUUID()}`;
  private readonly streams = new Map<string, Promise<unknown>>();
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;
  private roleArn: string | undefined;

  constructor(private readonly cloud: Cloud) {}

  /** The role that writes; until there is one, the account itself, whose setting may stand outside of the template. */
  writeAs(roleArn: string): void {
    gatewayRole(this.cloud, roleArn);
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
    const timestamp = Date.now();
    this.last = Promise.all([this.last, this.put(group, { timestamp, message })]).catch((error: unknown) =>
      this.cloud.warn(`an access log line could not be written to ${group}: ${String(error)}`),
    );
  }

  /** when every line so far is written; whoever is answered later, as the runtime ends, has none */
  async close(): Promise<void> {
    this.closed = true;
    await this.last;
  }

  private async put(logGroupName: string, event: { timestamp: number; message: string }): Promise<void> {
    const stream = { logGroupName, logStreamName: this.stream };
    const made = this.streams.get(logGroupName) ?? this.call('CreateLogStream', stream);
    this.streams.set(logGroupName, made);
    await made.catch((error: unknown) => {
      // The next line tries again.
      this.streams.delete(logGroupName);
      throw error;
    });
    await this.call('PutLogEvents', { ...stream, logEvents: [event] });
  }

  private async call(operation: string, input: object): Promise<unknown> {
    return this.cloud.call('logs', operation, input, this.writer());
  }

  private writer(): Principal {
    if (this.roleArn !== undefined) return gatewayRole(this.cloud, this.roleArn);
    return { arn: `arn:aws:iam::${this.cloud.account}:root`, accessKeyId: 'apigateway' };
  }
}
