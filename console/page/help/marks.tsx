import { Mark } from '../parts/mark.tsx';
import type { Tone } from '../parts/outcome-words.ts';

const MEANINGS: readonly (readonly [tone: Tone, words: string])[] = [
  ['good', 'It came through: Published, Pipeline started.'],
  ['bad', 'It failed and waits for somebody. Its page says what to change.'],
  ['warn', 'It was stopped, or something newer took its place.'],
  ['busy', 'It runs.'],
  ['plain', 'It needs nobody: a ping, an event that no rule takes, a repetition.'],
];

/** What the marks mean: a shape each, and a colour. */
export function Marks() {
  return (
    <section>
      <h3>Marks</h3>
      <ul className="meanings">
        {MEANINGS.map(([tone, words]) => (
          <li key={tone}>
            <Mark tone={tone} /> {words}
          </li>
        ))}
      </ul>
      <p className="hint">The mark beside “Pipeline started” is the result of that pipeline.</p>
    </section>
  );
}
