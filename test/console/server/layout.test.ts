import { beforeAll, describe, expect, it } from 'vitest';
import type { MachineAnswer } from '../../../console/api.ts';
import { boundsOfPath } from '../../../console/page/delivery/path-bounds.ts';
import { layOut } from '../../../console/server/layout.ts';
import { definition } from '../../support/definition.ts';

// The frame of the picture on a page of 1280 pixels, without its margins and buttons.
const FRAME = { width: 470, height: 548 };
// Names of 13 pixels can still be read.
const READABLE = 0.55;

const TO_PULL = ['Validate', 'Claim', 'Route', 'Pull'];
const PUBLISHED = [...TO_PULL, 'Publish', 'Published?'];
const PATHS: readonly (readonly string[])[] = [
  [
    'Validate',
    'Claim',
    'Route',
    'ReportPending',
    ...PUBLISHED.slice(3),
    'StartPipeline',
    'Report PipelineStarted',
    'PipelineStarted',
  ],
  [...PUBLISHED, 'Report Published', 'Published'],
  [...PUBLISHED, 'Report RefGone', 'RefGone'],
  [...TO_PULL, 'Diagnose Pull', 'Pull again?', 'Report PullFailed', 'PullFailed'],
  ['Validate', 'Rejected'],
  ['Validate', 'Malformed'],
];

let machine: MachineAnswer;
beforeAll(async () => {
  machine = await layOut(JSON.stringify(definition));
});

describe("the machine's picture", () => {
  it.each(PATHS.map((path) => ({ outcome: path.at(-1) ?? '', path })))(
    'shows the path to $outcome in its frame, large enough to be read',
    ({ path }) => {
      const { width, height } = boundsOfPath(machine, path);
      expect(Math.min(FRAME.width / width, FRAME.height / height)).toBeGreaterThan(READABLE);
    },
  );

  it('has the states of the main way each below the one before', () => {
    const [main = []] = PATHS;
    const tops = main.map((name) => machine.states.find((state) => state.name === name)?.y ?? 0);
    expect(tops).toEqual(tops.toSorted((a, b) => a - b));
  });

  it('measures a path with the lines that lead around other states', () => {
    const states = [
      { name: 'A', type: 'Task', comment: '', x: 10, y: 0, width: 20, height: 10 },
      { name: 'B', type: 'Task', comment: '', x: 10, y: 50, width: 20, height: 10 },
    ];
    const points = [
      { x: 20, y: 10 },
      { x: 90, y: 30 },
      { x: 20, y: 50 },
    ];
    const transitions = [{ from: 'A', to: 'B', by: 'next' as const, points }];
    expect(boundsOfPath({ states, transitions }, ['A', 'B'])).toEqual({ x: 10, y: 0, width: 80, height: 60 });
    expect(boundsOfPath({ states, transitions }, ['A'])).toEqual({ x: 10, y: 0, width: 20, height: 10 });
    expect(boundsOfPath({ states, transitions }, [])).toEqual({ x: 0, y: 0, width: 0, height: 0 });
  });
});
