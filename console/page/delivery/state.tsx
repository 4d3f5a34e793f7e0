import { useState } from 'react';
import type { Step } from '../../api.ts';
import { indentedJson, messageOf } from '../parts/format.ts';
import { Tabs } from '../parts/tabs.tsx';
import { clockTime } from '../parts/use-clock.ts';
import { Logs } from './logs.tsx';
import { STATUS_WORDS } from './path.ts';

interface Props {
  /** the delivery's id */
  readonly id: string;
  readonly step: Step;
  /** the step's position in the path */
  readonly index: number;
}

const isForPrograms = ({ cause }: NonNullable<Step['error']>): boolean =>
  messageOf(cause).trimStart().startsWith('{');

/** An error of a state. What AWS writes for programs is behind a fold: the page's head has the sentence. */
function StateError({ error }: { readonly error: NonNullable<Step['error']> }) {
  const said = messageOf(error.cause);
  return (
    <div className="state-error">
      <strong>{error.name}</strong>
      {isForPrograms(error) ? (
        <details>
          <summary>All that AWS says of it</summary>
          <pre>{indentedJson(said)}</pre>
        </details>
      ) : (
        <pre>{said}</pre>
      )}
    </div>
  );
}

const VIEWS = ['Logs', 'Input', 'Output', 'Error'] as const;
type View = (typeof VIEWS)[number];

/** An entered state: its log, input, output and error. */
export function State({ id, step, index }: Props) {
  const hasLog = step.functionName !== undefined || step.build !== undefined;
  const [chosen, choose] = useState<View>();
  // What is for programs alone says less than the log.
  const defaultView =
    step.error && !(hasLog && isForPrograms(step.error)) ? 'Error' : hasLog ? 'Logs' : 'Input';
  const view = chosen === 'Error' && !step.error ? defaultView : (chosen ?? defaultView);
  const tries = step.attempts > 1 ? `, ${step.attempts} attempts` : '';
  return (
    <section className="state" aria-label={`The state ${step.name}`}>
      <h2>{step.name}</h2>
      <p className="quiet">
        {step.type} state: {STATUS_WORDS[step.status]}
        {tries}. Entered at {clockTime(step.startedAt)}
      </p>
      <Tabs
        label="What is shown of the state"
        names={VIEWS.filter((name) => name !== 'Error' || step.error)}
        chosen={view}
        choose={choose}
      >
        {view === 'Logs' && <Logs id={id} index={index} hasLog={hasLog} endedAt={step.endedAt} />}
        {view === 'Input' && <pre>{indentedJson(step.input ?? '')}</pre>}
        {view === 'Output' && <pre>{step.output ? indentedJson(step.output) : 'Nothing yet'}</pre>}
        {view === 'Error' && step.error && <StateError error={step.error} />}
      </Tabs>
    </section>
  );
}
