import { CLOCKS, zoneOf } from '../parts/clock.ts';
import { chooseLook, LOOKS, useLook } from '../parts/look.ts';
import { chooseClock, useClock } from '../parts/use-clock.ts';

/** The look and the clock, which this browser keeps. */
export function Settings() {
  return (
    <>
      <LookSetting />
      <ClockSetting />
    </>
  );
}

function ClockSetting() {
  const chosen = useClock();
  return (
    <fieldset className="looks">
      <legend>Times</legend>
      {CLOCKS.map((each) => (
        <label key={each} className="check">
          <input type="radio" name="clock" checked={each === chosen} onChange={() => chooseClock(each)} />{' '}
          {each === 'UTC' ? 'UTC' : `This browser's zone, now ${zoneOf('local', Date.now())}`}
        </label>
      ))}
    </fieldset>
  );
}

function LookSetting() {
  const look = useLook();
  return (
    <fieldset className="looks">
      <legend>Look</legend>
      {LOOKS.map((each) => (
        <label key={each} className="check">
          <input type="radio" name="look" checked={each === look} onChange={() => chooseLook(each)} />{' '}
          {each === 'system' ? 'As the system' : each === 'light' ? 'Light' : 'Dark'}
        </label>
      ))}
    </fieldset>
  );
}
