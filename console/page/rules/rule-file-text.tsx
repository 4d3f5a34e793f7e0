import { useState } from 'react';

interface Props {
  readonly text: string;
  readonly name: string;
  /** the problems that belong to no single field */
  readonly problem: string;
  readonly valid: boolean;
  /** undefined where a rule cannot be saved from here */
  readonly save: (() => Promise<string>) | undefined;
}

/** The text of the rule's file, and where to save it. */
export function RuleFileText({ text, name, problem, valid, save }: Props) {
  const file = `events/rules/${name || 'NAME'}.yaml`;
  const [said, say] = useState({ of: '', words: '' });
  const act = (work: () => Promise<string>) => async (): Promise<void> =>
    say({ of: text, words: await work().catch((error: Error) => error.message) });
  const copy = act(async () => {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  });
  return (
    <section className="rule-text" aria-label="The rule's file">
      <h2>
        <code>{file}</code>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <pre className={valid ? undefined : 'unfinished'} tabIndex={0}>
        {text}
      </pre>
      <p className="reserved field-problem" role="status">
        {problem}
      </p>
      <div className="actions">
        <button type="button" className="main" disabled={!valid} onClick={copy}>
          Copy
        </button>
        {save && (
          <button type="button" disabled={!valid} onClick={act(save)}>
            Save
          </button>
        )}
        <span role="status">{valid ? said.of === text && said.words : inWords(name)}</span>
      </div>
      <p className="hint">
        {save ? 'Save it' : 'Put it there'}, in the folder that Hookline is deployed from. A running{' '}
        <code>hookline up</code> takes it up; on AWS, deploy it with <code>npx cdk deploy</code>.
      </p>
    </section>
  );
}

const inWords = (name: string): string =>
  name === '' ? 'Give the rule a name first.' : 'A field is not right yet.';
