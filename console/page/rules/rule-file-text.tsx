import { useState } from 'react';

interface Props {
  readonly text: string;
  readonly name: string;
  /** the problems that belong to no single field */
  readonly problem: string;
  readonly valid: boolean;
}

/** The text of the rule's file, and where to save it. */
export function RuleFileText({ text, name, problem, valid }: Props) {
  const file = `events/rules/${name || 'NAME'}.yaml`;
  const [copied, setCopied] = useState('');
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => setCopied(''),
    );
  };
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
        <span role="status">{valid ? copied === text && 'Copied.' : inWords(name)}</span>
      </div>
      <p className="hint">
        Save it there, in the folder that Hookline is deployed from. A running <code>hookline up</code> takes
        it up; on AWS, deploy it with <code>npx cdk deploy</code>.
      </p>
    </section>
  );
}

const inWords = (name: string): string =>
  name === '' ? 'Give the rule a name first.' : 'A field is not right yet.';
