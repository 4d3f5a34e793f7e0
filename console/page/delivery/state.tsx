import { useId, useState } from 'react';
import type { Step } from '../../api.ts';
import { indentedJson, localTime, messageOf } from '../parts/format.ts';
import { Logs } from './logs.tsx';
import { STATUS_WORDS } from './path.ts';

interface Props {
  /** the delivery's id */
  readonly id: string;
  readonly step: Step;
  /** the step's position in the path */
  readonly index: number;
}

const VIEWS = ['Logs', 'Input', 'Output', 'Error'] as const;
type View = (typeof VIEWS)[number];

/** An entered state: its log, input, output and error. */
export function State({ id, step, index }: Props) {
  const hasLog = step.functionName !== undefined || step.build !== undefined;
  const [chosen, choose] = useState<View>();
  const defaultView = step.error ? 'Error' : hasLog ? 'Logs' : 'Input';
  const view = chosen === 'Error' && !step.error ? defaultView : (chosen ?? defaultView);
  const panel = useId();
  const tries = step.attempts > 1 ? `, ${step.attempts} attempts` : '';
  return (
    <section className="state" aria-label={`The state ${step.name}`}>
      <h2>{step.name}</h2>
      <p className="quiet">
        {step.type}, {STATUS_WORDS[step.status]}
        {tries}, since {localTime(step.startedAt)}
      </p>
      <div className="tabs" role="tablist" aria-label="What is shown of the state">
        {VIEWS.filter((name) => name !== 'Error' || step.error).map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={name === view}
            aria-controls={panel}
            onClick={() => choose(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div className="tab" role="tabpanel" id={panel} aria-label={view} tabIndex={0}>
        {view === 'Logs' && <Logs id={id} index={index} hasLog={hasLog} endedAt={step.endedAt} />}
        {view === 'Input' && <pre>{indentedJson(step.input ?? '')}</pre>}
        {view === 'Output' && <pre>{step.output ? indentedJson(step.output) : 'Nothing yet'}</pre>}
        {view === 'Error' && step.error && (
          <div className="state-error">
            <strong>{step.error.name}</strong>
            <pre>{indentedJson(messageOf(step.error.cause))}</pre>
          </div>
        )}
      </div>
    </section>
  );
}
