import type { Forecast } from '../../api.ts';

interface Props {
  /** how many deliveries each rule would match and ignore; undefined before a forecast */
  readonly forecast: Pick<Forecast, 'matches' | 'ignored'> | undefined;
  readonly names: readonly string[];
  readonly chosen: readonly string[];
  readonly choose: (chosen: readonly string[]) => void;
}

/** The rules that get the events: none until the reader chooses, since each of them runs everything again. */
export function Rules({ names, chosen, forecast, choose }: Props) {
  const change = (name: string, isChosen: boolean): void =>
    choose(names.filter((other) => (other === name ? isChosen : chosen.includes(other))));
  return (
    <fieldset className="box">
      <legend>Rules that get the events</legend>
      <div className="rule-choices">
        {names.map((name) => (
          <label key={name} className="choice">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={({ target }) => change(name, target.checked)}
            />
            <span>{name}</span>
            <output>{inWords(forecast?.matches[name], forecast?.ignored[name])}</output>
          </label>
        ))}
      </div>
      <p className="hint" role="status">
        {chosen.length === 0 ? 'Choose a rule: a replay needs one at least.' : ''}
      </p>
    </fieldset>
  );
}

function inWords(matches: number | undefined, ignored = 0): string {
  if (matches === undefined) return '';
  const words = `${matches.toLocaleString('en')} would match`;
  return ignored === 0 ? words : `${words}, ${ignored.toLocaleString('en')} of them to be ignored`;
}
