import { type KeyboardEvent, type ReactNode, useId } from 'react';

interface Props<Name extends string> {
  /** what the tabs are of, for who does not see them */
  readonly label: string;
  readonly names: readonly Name[];
  readonly chosen: Name;
  readonly choose: (name: Name) => void;
  /** the content of the chosen tab */
  readonly children: ReactNode;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** Tabs, and the panel of the chosen one. The arrow keys go from tab to tab, as a screen reader says of tabs. */
export function Tabs<Name extends string>({ label, names, chosen, choose, children }: Props<Name>) {
  const panel = useId();
  const step = (event: KeyboardEvent<HTMLElement>): void => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const at = (names.indexOf(chosen) + by + names.length) % names.length;
    const next = names[at];
    if (next === undefined) return;
    choose(next);
    event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')[at]?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} onKeyDown={step}>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={name === chosen}
            aria-controls={panel}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => choose(name)}
          >
            {name}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <div className="tab" role="tabpanel" id={panel} aria-label={chosen} tabIndex={0}>
        {children}
      </div>
    </>
  );
}
