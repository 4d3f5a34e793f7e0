import { useState } from 'react';
import { Icon } from './icon.tsx';

interface Props {
  /** what is copied, in the button's words: `Copy the payload` */
  readonly name: string;
  readonly text: string;
  /** shows a picture in place of the words, beside what is copied */
  readonly small?: boolean;
}

/** A button that copies a text, and says so. */
export function Copy({ name, text, small = false }: Props) {
  const [copied, setCopied] = useState<string>();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => setCopied(undefined),
    );
  };
  const done = copied === text;
  return (
    <>
      <button
        type="button"
        className={small ? 'small' : undefined}
        title={small ? name : undefined}
        aria-label={name}
        onClick={copy}
      >
        {small ? <Icon name={done ? 'check' : 'copy'} /> : name}
      </button>
      <span role="status" className={small ? 'unseen' : 'quiet'}>
        {done && 'Copied.'}
      </span>
    </>
  );
}
