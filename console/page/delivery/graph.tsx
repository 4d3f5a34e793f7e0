import {
  Controls,
  type Edge,
  getViewportForBounds,
  type Node,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { useEffect, useMemo, useRef } from 'react';
import type { MachineAnswer, Step } from '../../api.ts';
import { Loading } from '../parts/placeholders.tsx';
import { Arrow, type ArrowData } from './arrow.tsx';
import { StateNode, type StateNodeData } from './node.tsx';
import { statusByState, takenTransitions, transitionKey } from './path.ts';
import { boundsOfPath } from './path-bounds.ts';
import '@xyflow/react/dist/base.css';

interface Props {
  readonly machine: MachineAnswer | undefined;
  readonly steps: readonly Step[];
  readonly selected: string | undefined;
  readonly select: (name: string) => void;
}

const NODES = { state: StateNode };
const EDGES = { arrow: Arrow };
// A small machine is not enlarged much, and the states of a large one stay readable.
const ZOOM = { minZoom: 0.25, maxZoom: 1.5 };

/** The state machine's picture with the path that the delivery took. */
export function Graph(props: Props) {
  const runs = props.steps.some(({ status }) => status === 'running');
  return (
    <section className={runs ? 'graph running' : 'graph'} aria-label="The machine">
      {props.machine ? (
        <ReactFlowProvider>
          <MachinePicture {...props} machine={props.machine} />
        </ReactFlowProvider>
      ) : (
        <Loading what="Drawing the machine" />
      )}
    </section>
  );
}

function MachinePicture({ machine, steps, selected, select }: Props & { readonly machine: MachineAnswer }) {
  const nodes = useMemo(() => nodesOf(machine, steps, selected, select), [machine, steps, selected, select]);
  const edges = useMemo(() => edgesOf(machine, steps), [machine, steps]);
  usePathInSight(machine, steps);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODES}
      edgeTypes={EDGES}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      preventScrolling={false}
      zoomOnScroll={false}
      {...ZOOM}
    >
      <Controls showInteractive={false} position="bottom-left" orientation="horizontal" />
    </ReactFlow>
  );
}

const PADDING = { top: '16px', x: '16px', bottom: '56px' } as const;
const MOVE_MS = 250;

/** Moves the picture so that the path taken, its lines included, lies in the middle of the frame. */
function usePathInSight(machine: MachineAnswer, steps: readonly Step[]): void {
  const { setViewport } = useReactFlow();
  const [width, height] = [useStore((store) => store.width), useStore((store) => store.height)];
  const isFirst = useRef(true);
  const names = steps.map(({ name }) => name).join('\n');
  const bounds = useMemo(() => boundsOfPath(machine, names.split('\n')), [machine, names]);
  useEffect(() => {
    if (width === 0 || height === 0) return;
    const duration = isFirst.current || prefersReducedMotion() ? 0 : MOVE_MS;
    isFirst.current = false;
    void setViewport(getViewportForBounds(bounds, width, height, ZOOM.minZoom, 1, PADDING), { duration });
  }, [bounds, width, height, setViewport]);
}

const prefersReducedMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

function nodesOf(
  { states }: MachineAnswer,
  steps: readonly Step[],
  selected: string | undefined,
  select: (name: string) => void,
): Node<StateNodeData>[] {
  const statuses = statusByState(steps);
  return states.map(({ name, type, comment, x, y, width, height }) => ({
    id: name,
    type: 'state',
    position: { x, y },
    width,
    height,
    data: { name, type, comment, status: statuses.get(name), selected: name === selected, select },
  }));
}

/** Taken transitions are drawn last, above the others. */
function edgesOf({ transitions }: MachineAnswer, steps: readonly Step[]): Edge<ArrowData>[] {
  const lit = takenTransitions(steps);
  return transitions
    .map(({ from, to, by, points }) => ({
      id: transitionKey(from, to),
      type: 'arrow',
      source: from,
      target: to,
      zIndex: lit.has(transitionKey(from, to)) ? 1 : 0,
      data: { points, by, taken: lit.has(transitionKey(from, to)) },
    }))
    .sort((a, b) => a.zIndex - b.zIndex);
}
