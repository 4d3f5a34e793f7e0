import type { Forecast } from '../../api.ts';

interface Props {
  /** how many deliveries each of them would match and ignore, once they are known */
  readonly forecast: Pick<Forecast, 'matches' | 'ignored'> | undefined;
  readonly names: readonly string[];
  readonly chosen: readonly string[];
  /** takes the rules that are left out */
  readonly change: (without: ReadonlySet<string>) => void;
}

/** Which rules the events go to; all of them until some are left out. */
export function Rules({ names, chosen, forecast, change }: Props) {
  const leaveOut = (name: string, out: boolean): void => {
    const others = names.filter((other) => other !== name && !chosen.includes(other));
    change(new Set(out ? [...others, name] : others));
  };
  return (
    <fieldset className="box">
      <legend>Rules they go to</legend>
      <div className="rule-choices">
        {names.map((name) => (
          <label key={name} className="choice">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={({ target }) => leaveOut(name, !target.checked)}
            />
            <span>{name}</span>
            <output>{inWords(forecast?.matches[name], forecast?.ignored[name])}</output>
          </label>
        ))}
      </div>
      <p className="hint" role="status">
        {chosen.length === 0 ? 'Choose a rule: without one there is nothing to replay to.' : ''}
      </p>
    </fieldset>
  );
}

function inWords(matches: number | undefined, ignored = 0): string {
  if (matches === undefined) return '';
  const words = `${matches.toLocaleString('en')} would match`;
  return ignored === 0 ? words : `${words}, ${ignored.toLocaleString('en')} of them to be ignored`;
}
