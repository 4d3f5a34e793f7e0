import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/cloud.ts';
import { type Execution, seconds } from './execution.ts';
import { overridesOf, type StartInput, variablesOf } from './start-input.ts';
import { noteChange } from './state-change-event.ts';
import { liveVersion, type Tables, unendedExecutions, type Version, write } from './tables.ts';

type ExecutionRequest = Pick<Execution, 'overrides' | 'variables' | 'trigger'>;
type Started = { readonly id: string; readonly request: string };

/**
 * Writes down an execution, which is on disk when this resolves; a token stands for its execution for good.
 * @returns its id and its pipeline's name
 * @throws PipelineNotFoundException, ValidationException, ConflictException for a token of another request
 */
export async function startExecution(
  tables: Tables,
  input: StartInput,
  call: Call,
): Promise<{ id: string; pipeline: string }> {
  const { clientRequestToken: token, ...request } = input;
  const version = liveVersion(tables, request.name);
  const asked = JSON.stringify(request);
  const known = () => (token === undefined ? undefined : tables.tokens.get([request.name, token]));
  const start = () => {
    const given = {
      overrides: overridesOf(version.pipeline, input),
      variables: variablesOf(version.pipeline, input),
      trigger: { triggerType: 'StartPipelineExecution', triggerDetail: call.principal.arn },
    };
    return tables.store.transaction(() => {
      const before = known();
      if (before) return before;
      const started = { id: insert(tables, version, given), request: asked };
      if (token !== undefined) void tables.tokens.put([request.name, token], started);
      return started;
    });
  };
  // A known token is not judged again: the pipeline may have changed since.
  return { id: idOfSameRequest(known() ?? (await start()), asked, token), pipeline: request.name };
}

/** Writes down the execution that AWS starts of every new pipeline. Must run inside a transaction. */
export function startByItself(tables: Tables, version: Version, triggerDetail: string): void {
  const variables = variablesOf(version.pipeline, { variables: [] });
  insert(tables, version, {
    overrides: {},
    variables,
    trigger: { triggerType: 'CreatePipeline', triggerDetail },
  });
}

function idOfSameRequest({ id, request }: Started, asked: string, token: string | undefined): string {
  if (request === asked) return id;
  throw new AwsError(
    'ConflictException',
    `the clientRequestToken ${token} has started another execution (${id}): give another token`,
  );
}

/** Must run inside a transaction. */
function insert(tables: Tables, { number: version, pipeline }: Version, given: ExecutionRequest): string {
  const others = unendedExecutions(tables, pipeline.name);
  // A newer one takes the place of all that wait.
  if (pipeline.mode === 'SUPERSEDED')
    for (const each of others.filter(({ begun }) => !begun)) {
      const superseded: Execution = { ...each, status: 'Superseded', lastUpdateTime: seconds() };
      write(tables, superseded);
      void noteChange(tables, superseded);
    }
  const [last] = [...tables.order.under([pipeline.name], { reverse: true, limit: 1 })];
  const number = 1 + (last && Array.isArray(last.key) ? Number(last.key[1]) : 0);
  const id = randomUUID();
  const now = seconds();
  const execution: Execution = {
    id,
    pipeline: pipeline.name,
    version,
    number,
    status: 'InProgress',
    begun: pipeline.mode === 'PARALLEL' || !others.some(({ begun }) => begun),
    startTime: now,
    lastUpdateTime: now,
    ...given,
    revisions: [],
    artifacts: {},
    actions: [],
  };
  write(tables, execution);
  void noteChange(tables, execution);
  void tables.order.put([pipeline.name, number], id);
  return id;
}
