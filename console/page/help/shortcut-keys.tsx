import { Fragment } from 'react';
import { SHORTCUTS } from './shortcuts.ts';

interface Props {
  readonly on: boolean;
  readonly turn: (on: boolean) => void;
}

/** The shortcuts, and the switch for whoever presses single keys by mistake or by voice. */
export function ShortcutKeys({ on, turn }: Props) {
  return (
    <section>
      <h3>Shortcuts</h3>
      <dl className="shortcuts">
        {SHORTCUTS.map(({ keys, words }) => (
          <div key={words}>
            <dt>
              {keys.map((key) => (
                <Fragment key={key}>
                  <kbd>{key}</kbd>{' '}
                </Fragment>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>This sheet</dd>
        </div>
      </dl>
      <label className="check">
        <input type="checkbox" checked={on} onChange={({ target }) => turn(target.checked)} /> Obey shortcuts
      </label>
    </section>
  );
}
