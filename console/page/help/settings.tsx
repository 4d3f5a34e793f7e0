import { chooseLook, LOOKS, useLook } from '../parts/look.ts';

/** The look, which this browser keeps. */
export function Settings() {
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
