import { useState } from 'react';
import type { DeliveryAnswer, DeliveryRow } from '../../api.ts';
import { Copy } from '../parts/copy.tsx';
import { duration, executionMs, pipelineWord, size } from '../parts/format.ts';
import { wordsOf } from '../parts/outcome-words.ts';
import { useNow } from '../parts/react-hooks.ts';
import { clockTime } from '../parts/use-clock.ts';
import { isRunning } from './path.ts';

/**
 * The facts of a delivery beside its path. A delivery that is not over when the page opens has a place for each fact that may
 * come, so that nothing moves.
 */
export function Facts({ delivery }: { readonly delivery: DeliveryAnswer }) {
  const now = useNow();
  const [mayComeYet] = useState(() => isRunning(delivery) || delivery.row.pipelineStatus === 'InProgress');
  const facts = factsOf(delivery, now);
  return <FactList facts={mayComeYet ? facts.map(withPlace) : facts} />;
}

const withPlace = ([name, value, ...rest]: Fact): Fact => [name, value || NOT_YET, ...rest];
const NOT_YET = '–';

/** @param page where it is shown @param id what is copied, where the fact is or has an id */
export type Fact = readonly [name: string, value: string, page?: string | undefined, id?: string];

export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  const known = facts.filter(([, value]) => value !== '');
  return (
    <dl className="facts">
      {known.map(([name, value, page, id = '']) => (
        <div key={name} className={`fact-${name.toLowerCase().replace(' ', '-')}`}>
          <dt>{name}</dt>
          <dd title={value}>
            <FactValue value={value} page={page} />
            {id !== '' && <Copy name={`Copy: ${name}`} text={id} small />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function FactValue({ value, page }: { readonly value: string; readonly page: string | undefined }) {
  if (!page) return <span className="cut">{value}</span>;
  return (
    <a className="cut" href={page} target="_blank" rel="noreferrer">
      {value}
    </a>
  );
}

function factsOf(delivery: DeliveryAnswer, now: number): Fact[] {
  const { row, execution, runs, pipelineStatus = 'started', pipelinePage } = delivery;
  return [
    ['Event', `${row.event} from ${row.host}`],
    ['Delivery', row.deliveryId, undefined, row.deliveryId],
    ['Rule', row.rule],
    ['Received', clockTime(row.firstReceivedAt || row.receivedAt)],
    ['Took', duration(executionMs(row, execution, now))],
    ['Commit status', row.statusReason ? `${row.status}: ${row.statusReason}` : row.status],
    ['Artifact', row.artifactKey && `${row.artifactKey} (${size(row.bytes)})`, undefined, row.artifactKey],
    [
      'Pipeline',
      row.pipeline && `${row.pipeline}: ${pipelineWord(pipelineStatus)} (${row.pipelineExecutionId})`,
      pipelinePage,
      row.pipelineExecutionId,
    ],
    ['Pipeline failed', failedAction(row)],
    ['Reason', row.reason],
    ['Replay', row.replayName, undefined, row.replayName],
    ['Runs', runsInWords(runs)],
    ['Execution', execution.arn.split(':').at(-1) ?? '', undefined, execution.arn],
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
