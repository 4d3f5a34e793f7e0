import type { Edge, EdgeProps } from '@xyflow/react';
import type { Transition } from '../../api.ts';

export type ArrowData = Pick<Transition, 'points' | 'by'> & {
  readonly taken: boolean;
};

/** A transition, drawn along the line that the layout has computed. */
export function Arrow({ data }: EdgeProps<Edge<ArrowData>>) {
  if (!data) return null;
  const [first, ...rest] = data.points;
  if (!first) return null;
  const line = `M${first.x} ${first.y}${rest.map(({ x, y }) => `L${x} ${y}`).join('')}`;
  const { x, y } = rest.at(-1) ?? first;
  return (
    <g className={`arrow ${data.by} ${data.taken ? 'taken' : ''}`}>
      <path d={line} />
      <path className="tip" d={`M${x} ${y}l-4 -7h8z`} />
    </g>
  );
}
