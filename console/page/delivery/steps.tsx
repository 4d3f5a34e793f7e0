import type { Step } from '../../api.ts';
import { duration } from '../parts/format.ts';
import { Mark } from '../parts/mark.tsx';
import { useNow } from '../parts/react-hooks.ts';
import { STATUS_TONES, STATUS_WORDS, stepDurationMs } from './path.ts';

interface Props {
  readonly steps: readonly Step[];
  readonly selected: number;
  readonly select: (index: number) => void;
}

/** The states that a delivery entered, in order. */
export function Steps({ steps, selected, select }: Props) {
  const now = useNow();
  return (
    <ol className="steps" aria-label="The path taken">
      {steps.map((step, index) => (
        <li key={`${step.name} ${step.startedAt}`}>
          <button
            type="button"
            className="step"
            aria-pressed={index === selected}
            onClick={() => select(index)}
          >
            <Mark tone={STATUS_TONES[step.status]} />
            <span className="step-name">{step.name}</span>
            <span className="unseen">, {STATUS_WORDS[step.status]},</span>
            <span className="step-took">{duration(stepDurationMs(step, now))}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
