import type { MachineAnswer } from '../../api.ts';
import { takenTransitions, transitionKey } from './path.ts';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The rectangle around the entered states and the lines between them, in pixels of the machine's picture. */
export function boundsOfPath(
  { states, transitions }: Pick<MachineAnswer, 'states' | 'transitions'>,
  names: readonly string[],
): Bounds {
  const entered = states.filter(({ name }) => names.includes(name));
  const lit = takenTransitions(names.map((name) => ({ name })));
  const corners = entered.flatMap(({ x, y, width, height }) => [
    { x, y },
    { x: x + width, y: y + height },
  ]);
  const lines = transitions.filter(({ from, to }) => lit.has(transitionKey(from, to)));
  const points = [...corners, ...lines.flatMap((line) => line.points)];
  if (points.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
