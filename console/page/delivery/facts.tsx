import type { DeliveryAnswer } from '../../api.ts';
import { duration, localTime, pipelineWord, size } from '../parts/format.ts';

/** The facts of a delivery beside its path. Each fact has its place from the beginning, so that nothing moves. */
export const Facts = ({ delivery }: { readonly delivery: DeliveryAnswer }) => (
  <FactList facts={factsOf(delivery)} />
);

export type Fact = readonly [name: string, value: string];

export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} className={`fact-${name.toLowerCase().replace(' ', '-')}`}>
          <dt>{name}</dt>
          <dd title={value}>{value || '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf({ row, execution, pipelineStatus = 'started' }: DeliveryAnswer): Fact[] {
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
    [
      'Pipeline',
      row.pipeline && `${row.pipeline}: ${pipelineWord(pipelineStatus)} (${row.pipelineExecutionId})`,
    ],
  ];
}
