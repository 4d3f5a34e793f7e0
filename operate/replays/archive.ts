import { DescribeArchiveCommand } from '@aws-sdk/client-eventbridge';
import type { Connection } from '../connection/connection.ts';
import { DAY_MS } from '../days.ts';

/** The archive of a deployment, which holds every event that the bus took. */
export interface Archive {
  readonly name: string;
  readonly arn: string;
  /** as of some minutes ago: EventBridge counts in the background */
  readonly events: number;
  readonly bytes: number;
  /** 0 for ever */
  readonly retentionDays: number;
  /** ISO time of the oldest event that it can hold */
  readonly since: string;
}

export async function describeArchive({ events, outputs }: Connection): Promise<Archive> {
  const found = await events.send(new DescribeArchiveCommand({ ArchiveName: outputs.archiveName }));
  const { RetentionDays: retentionDays = 0 } = found;
  const created = found.CreationTime?.getTime() ?? 0;
  const kept = retentionDays === 0 ? 0 : Date.now() - retentionDays * DAY_MS;
  return {
    name: outputs.archiveName,
    arn: found.ArchiveArn ?? '',
    events: found.EventCount ?? 0,
    bytes: found.SizeBytes ?? 0,
    retentionDays,
    since: new Date(Math.max(created, kept)).toISOString(),
  };
}
