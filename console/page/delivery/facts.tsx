import type { DeliveryAnswer } from '../../api.ts';
import { duration, localTime, size } from '../parts/format.ts';

/** The facts of a delivery beside its path. Each fact has its place from the beginning, so that nothing moves. */
export function Facts({ delivery }: { readonly delivery: DeliveryAnswer }) {
  return (
    <dl className="facts">
      {factsOf(delivery).map(([name, value]) => (
        <div key={name} className={`fact-${name.toLowerCase().replace(' ', '-')}`}>
          <dt>{name}</dt>
          <dd title={value}>{value || '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf({ row, execution, pipelineStatus }: DeliveryAnswer): [string, string][] {
  const end = execution.endedAt ? Date.parse(execution.endedAt) : undefined;
  return [
    ['Event', `${row.event} from ${row.host}`],
    ['Commit', row.commit],
    ['Delivery', row.deliveryId],
    ['Rule', row.rule],
    ['Replay', row.replayName],
    ['Received', localTime(row.receivedAt)],
    ['Took', end === undefined ? '' : duration(end - Date.parse(execution.startedAt))],
    ['Commit status', row.statusReason ? `${row.status}: ${row.statusReason}` : row.status],
    ['Artifact', row.artifactKey && `${row.artifactKey} (${size(row.bytes)})`],
    ['Pipeline', row.pipeline && `${row.pipeline}: ${inWords(pipelineStatus)} (${row.pipelineExecutionId})`],
  ];
}

/** `InProgress` as `in progress`. */
const inWords = (status = 'started'): string =>
  status.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
