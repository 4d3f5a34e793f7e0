import { visible } from './format.ts';

// The outermost members are open, and what they hold is open on demand: a payload has hundreds of members.
const OPEN_LEVELS = 1;

interface Props {
  readonly value: unknown;
  /** the member's name; absent for the whole */
  readonly name?: string;
  readonly level?: number;
}

/** A value of JSON as a tree whose objects and lists fold. */
export function JsonTree({ value, name, level = 0 }: Props) {
  const label = name === undefined ? null : <span className="json-name">{visible(name)}: </span>;
  if (typeof value !== 'object' || value === null)
    return (
      <div className="json-leaf">
        {label}
        <bdi>{visible(JSON.stringify(value))}</bdi>
      </div>
    );
  const members = Object.entries(value);
  return (
    <details className="json-node" open={level < OPEN_LEVELS}>
      <summary>
        {label}
        <span className="quiet">{sizeOf(value, members.length)}</span>
      </summary>
      {members.map(([each, member]) => (
        <JsonTree key={each} name={each} value={member} level={level + 1} />
      ))}
    </details>
  );
}

function sizeOf(value: object, count: number): string {
  if (Array.isArray(value)) return count === 1 ? '[1 item]' : `[${count} items]`;
  return count === 1 ? '{1 member}' : `{${count} members}`;
}
