const STEPS = [
  ['Webhook', 'The git host tells of every push, signed with a secret that both know.'],
  ['Rule', 'Each rule that matches takes the delivery and starts a run of its own.'],
  ['Pull', 'The signature is checked, and the very commit of the delivery is pulled from the host.'],
  ['Artifact', 'The commit lies in the bucket as a zip that never changes, and the ref points to it.'],
  ['Pipeline', 'The pipeline starts on exactly that zip, and its result comes back to the row.'],
] as const;

/** What becomes of a push, in five steps. */
export function HowItWorks() {
  return (
    <ol className="how">
      {STEPS.map(([name, words]) => (
        <li key={name}>
          <strong>{name}</strong>
          <span>{words}</span>
        </li>
      ))}
    </ol>
  );
}
