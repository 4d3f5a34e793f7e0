import { useId, useState } from 'react';
import type { Step } from '../../api.ts';
import { messageOf, pretty, time } from '../parts/format.ts';
import { Logs } from './logs.tsx';
import { WORDS } from './path.ts';

interface Props {
  /** of the delivery */
  readonly id: string;
  readonly step: Step;
  /** where it stands in the path */
  readonly index: number;
}

const VIEWS = ['Logs', 'Input', 'Output', 'Error'] as const;
type View = (typeof VIEWS)[number];

/** One state that was entered: what went in, what came out, what went wrong, and what was said meanwhile. */
export function State({ id, step, index }: Props) {
  const talks = step.functionName !== undefined || step.build !== undefined;
  const [chosen, choose] = useState<View>();
  const telling = step.error ? 'Error' : talks ? 'Logs' : 'Input';
  const view = chosen === 'Error' && !step.error ? telling : (chosen ?? telling);
  const panel = useId();
  const tries = step.attempts > 1 ? `, ${step.attempts} attempts` : '';
  return (
    <section className="state" aria-label={`The state ${step.name}`}>
      <h2>{step.name}</h2>
      <p className="quiet">
        {step.type}, {WORDS[step.status]}
        {tries}, since {time(step.startedAt)}
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
        {view === 'Logs' && <Logs id={id} index={index} talks={talks} endedAt={step.endedAt} />}
        {view === 'Input' && <pre>{pretty(step.input ?? '')}</pre>}
        {view === 'Output' && <pre>{step.output ? pretty(step.output) : 'Nothing yet'}</pre>}
        {view === 'Error' && step.error && (
          <div className="state-error">
            <strong>{step.error.name}</strong>
            <pre>{pretty(messageOf(step.error.cause))}</pre>
          </div>
        )}
      </div>
    </section>
  );
}
