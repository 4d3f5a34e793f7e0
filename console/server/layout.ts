import type { ELK, ElkNode } from 'elkjs';
import * as z from 'zod';
import type { MachineAnswer, PlacedState, Transition } from '../api.ts';

const stateSchema = z.looseObject({
  Type: z.string(),
  Comment: z.string().default(''),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(z.looseObject({ Next: z.string() })).default([]),
  Catch: z.array(z.looseObject({ Next: z.string() })).default([]),
});
const definitionSchema = z.looseObject({ StartAt: z.string(), States: z.record(z.string(), stateSchema) });

type States = z.infer<typeof definitionSchema>['States'];
type Arrow = Omit<Transition, 'points'>;

const HEIGHT = 34;
const CHARACTER = 7.4;
const PADDING = 26;

// Of ELK's strategies, these draw the usual paths the smallest: `layout.test.ts` says how small.
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.spacing.nodeNode': '20',
  'elk.spacing.edgeNode': '8',
  'elk.spacing.edgeEdge': '7',
  'elk.layered.spacing.nodeNodeBetweenLayers': '28',
  'elk.layered.spacing.edgeNodeBetweenLayers': '9',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '7',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.layering.strategy': 'LONGEST_PATH_SOURCE',
  // A line that leads back to an earlier state of the definition is drawn upwards.
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.considerModelOrder.strategy': 'PREFER_EDGES',
};

/** The main way through the machine runs straight down. */
const MAIN_WAY = {
  'elk.layered.priority.straightness': '3',
  'elk.layered.priority.direction': '10',
  'elk.layered.priority.shortness': '5',
};

/**
 * The position of each state in the machine's picture, and the lines between states.
 * @param definition in the Amazon States Language
 */
export async function layOut(definition: string): Promise<MachineAnswer> {
  const { States } = definitionSchema.parse(JSON.parse(definition));
  const arrows = arrowsOf(States);
  const main = mainWay(arrows, Object.keys(States));
  const elk = await layoutEngine();
  const placed: ElkNode = await elk.layout({
    id: 'machine',
    layoutOptions: OPTIONS,
    children: Object.keys(States).map((name) => ({ id: name, width: widthOf(name), height: HEIGHT })),
    edges: arrows.map((arrow, index) => ({
      id: String(index),
      sources: [arrow.from],
      targets: [arrow.to],
      layoutOptions: main.has(arrow) ? MAIN_WAY : {},
    })),
  });
  return {
    states: (placed.children ?? []).map((node) => placedState(node, States)),
    transitions: arrows.map((arrow, index) => ({ ...arrow, points: pointsOf(placed, index) })),
    width: placed.width ?? 0,
    height: placed.height ?? 0,
  };
}

/** The layout engine. The library is large, so the first picture loads it. */
async function layoutEngine(): Promise<ELK> {
  const { default: Elk } = await import('elkjs/lib/elk.bundled.js');
  return new Elk.default();
}

const widthOf = (name: string): number => Math.round(name.length * CHARACTER + PADDING);

/** One arrow from each state to every state that may follow it. */
function arrowsOf(states: States): Arrow[] {
  return Object.entries(states).flatMap(([from, { Next, Default, Choices, Catch }]) => {
    const arrows = new Map<string, Arrow>();
    const add = (to: string | undefined, by: Transition['by']): void => {
      if (to !== undefined && !arrows.has(to)) arrows.set(to, { from, to, by });
    };
    add(Next, 'next');
    for (const choice of Choices) add(choice.Next, 'choice');
    add(Default, 'choice');
    for (const caught of Catch) add(caught.Next, 'catch');
    return [...arrows.values()];
  });
}

/** From each state the arrow to the nearest later state of the definition, which is written in the order of the main way. */
function mainWay(arrows: readonly Arrow[], names: readonly string[]): ReadonlySet<Arrow> {
  const place = new Map(names.map((name, index) => [name, index]));
  const placeOf = (name: string): number => place.get(name) ?? 0;
  const nearest = new Map<string, Arrow>();
  for (const arrow of arrows) {
    if (arrow.by === 'catch' || placeOf(arrow.to) <= placeOf(arrow.from)) continue;
    const found = nearest.get(arrow.from);
    if (!found || placeOf(arrow.to) < placeOf(found.to)) nearest.set(arrow.from, arrow);
  }
  return new Set(nearest.values());
}

function placedState({ id, x = 0, y = 0, width = 0, height = 0 }: ElkNode, states: States): PlacedState {
  const { Type: type = '', Comment: comment = '' } = states[id] ?? {};
  return { name: id, type, comment, x, y, width, height };
}

function pointsOf({ edges = [] }: ElkNode, index: number): Transition['points'] {
  const [section] = edges[index]?.sections ?? [];
  return section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [];
}
