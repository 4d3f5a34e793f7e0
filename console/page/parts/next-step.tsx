import type { DeliveryAnswer } from '../../api.ts';
import { Copy } from './copy.tsx';

/** What to do after a failure, and the commands for it. */
export function NextStep({
  next: { words, commands },
}: {
  readonly next: NonNullable<DeliveryAnswer['next']>;
}) {
  return (
    <>
      <p className="todo">What to do: {words}.</p>
      {commands.length > 0 && (
        <ul className="commands">
          {commands.map((command) => (
            <li key={command}>
              <code>{command}</code> <Copy small name="Copy this command" text={command} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
