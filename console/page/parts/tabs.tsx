import { type ReactNode, useId } from 'react';

interface Props<Name extends string> {
  /** what the tabs are of, for who does not see them */
  readonly label: string;
  readonly names: readonly Name[];
  readonly chosen: Name;
  readonly choose: (name: Name) => void;
  /** the content of the chosen tab */
  readonly children: ReactNode;
}

/** Tabs, and the panel of the chosen one. */
export function Tabs<Name extends string>({ label, names, chosen, choose, children }: Props<Name>) {
  const panel = useId();
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label}>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={name === chosen}
            aria-controls={panel}
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
