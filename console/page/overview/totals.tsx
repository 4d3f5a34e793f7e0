import type { OverviewAnswer } from '../../api.ts';
import { addressOfFilter } from '../deliveries/filter.ts';
import { duration } from '../parts/format.ts';
import { Link } from '../parts/link.tsx';
import { Mark } from '../parts/mark.tsx';
import type { Tone } from '../parts/outcome-words.ts';

type Props = Pick<OverviewAnswer, 'counts' | 'waits'>;

/** The number of runs by how they ended, each a link to those in the list, and the time from webhook to pipeline. */
export function Totals({ counts: { done, failed, running, stopped, quiet }, waits }: Props) {
  const ended = done + failed;
  const rate = ended === 0 ? '–' : `${((100 * done) / ended).toFixed(1)} %`;
  return (
    <dl className="totals">
      <Total name="Succeeded" value={rate} tone="plain" />
      <Total name="Done" value={done} tone="good" to={addressOfFilter({ outcome: 'done' })} />
      <Total name="Failed" value={failed} tone="bad" to={addressOfFilter({ outcome: 'failed' })} />
      <Total name="Running" value={running} tone="busy" to={addressOfFilter({ outcome: 'running' })} />
      <Total name="Stopped" value={stopped} tone="warn" to={addressOfFilter({ outcome: 'stopped' })} />
      <Total name="Need nobody" value={quiet} tone="plain" to={addressOfFilter({ all: 'true' })} />
      <Total name="To pipeline, p50" value={waits ? duration(waits.p50) : '–'} tone="plain" />
      <Total name="To pipeline, p95" value={waits ? duration(waits.p95) : '–'} tone="plain" />
    </dl>
  );
}

interface TotalProps {
  readonly name: string;
  readonly value: string | number;
  readonly tone: Tone;
  /** where the list has them */
  readonly to?: string;
}

function Total({ name, value, tone, to }: TotalProps) {
  return (
    <div>
      <dt>
        {to && <Mark tone={tone} />} {name}
      </dt>
      <dd className={value === 0 ? 'plain' : tone}>{to ? <Link to={to}>{value}</Link> : value}</dd>
    </div>
  );
}
