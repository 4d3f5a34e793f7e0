import { useState } from 'react';

/** A button that copies a text, and says so. @param name what is copied, in the button's words: `Copy the payload` */
export function Copy({ name, text }: { readonly name: string; readonly text: string }) {
  const [copied, setCopied] = useState<string>();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => setCopied(undefined),
    );
  };
  return (
    <>
      <button type="button" onClick={copy}>
        {name}
      </button>
      <span role="status" className="quiet">
        {copied === text && 'Copied.'}
      </span>
    </>
  );
}
