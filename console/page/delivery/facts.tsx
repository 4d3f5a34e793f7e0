import type { CommitAnswer, DeliveryAnswer, DeliveryRow } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { Copy } from '../parts/copy.tsx';
import { duration, localTime, pipelineWord, size } from '../parts/format.ts';
import { wordsOf } from '../parts/outcome-words.ts';

/** The facts of a delivery beside its path. Each fact has its place from the beginning, so that nothing moves. */
export function Facts({ delivery }: { readonly delivery: DeliveryAnswer }) {
  const path = `deliveries/${encodeURIComponent(delivery.row.id)}/commit`;
  const { value: commit = {} } = useLive<CommitAnswer>(path, 0);
  return <FactList facts={factsOf(delivery, commit)} />;
}

/** @param page where the git host shows it @param id what is copied, where the fact is or has an id */
export type Fact = readonly [name: string, value: string, page?: string | undefined, id?: string];

export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value, page, id = '']) => (
        <div key={name} className={`fact-${name.toLowerCase().replace(' ', '-')}`}>
          <dt>{name}</dt>
          <dd title={value}>
            {page ? (
              <a className="cut" href={page} target="_blank" rel="noreferrer">
                {value}
              </a>
            ) : (
              <span className="cut">{value || '–'}</span>
            )}
            {id !== '' && <Copy name={`Copy: ${name}`} text={id} small />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf(
  { row, execution, runs, pipelineStatus = 'started' }: DeliveryAnswer,
  { subject = '', author = '', changed, pages = {} }: CommitAnswer,
): Fact[] {
  const end = execution.endedAt ? Date.parse(execution.endedAt) : undefined;
  return [
    ['Event', `${row.event} from ${row.host}`],
    ['Commit', row.commit, pages.commit, row.commit],
    ['Pull request', row.pullRequest ? `#${row.pullRequest}` : '', pages.request],
    ['Message', subject],
    ['Author', author],
    ['Changed files', changed ? changed.join(', ') : '', pages.compare],
    ['Delivery', row.deliveryId, undefined, row.deliveryId],
    ['Rule', row.rule],
    ['Replay', row.replayName, undefined, row.replayName],
    ['Received', localTime(row.firstReceivedAt || row.receivedAt)],
    ['Took', end === undefined ? '' : duration(end - Date.parse(execution.startedAt))],
    ['Runs', runsInWords(runs)],
    ['Reason', row.reason],
    ['Commit status', row.statusReason ? `${row.status}: ${row.statusReason}` : row.status],
    ['Artifact', row.artifactKey && `${row.artifactKey} (${size(row.bytes)})`, undefined, row.artifactKey],
    [
      'Pipeline',
      row.pipeline && `${row.pipeline}: ${pipelineWord(pipelineStatus)} (${row.pipelineExecutionId})`,
      undefined,
      row.pipelineExecutionId,
    ],
    ['Pipeline failed', failedAction(row)],
  ];
}

function runsInWords([last, ...others]: readonly DeliveryRow[]): string {
  return last && others.length > 0 ? `${others.length + 1}, the last one: ${wordsOf(last.outcome)}` : '';
}

/** `Build / Compile: Build terminated with state: FAILED` */
function failedAction({ pipelineFailedStage, pipelineFailedAction, pipelineMessage }: DeliveryAnswer['row']) {
  if (pipelineFailedStage === '') return '';
  return `${pipelineFailedStage} / ${pipelineFailedAction}${pipelineMessage && `: ${pipelineMessage}`}`;
}
