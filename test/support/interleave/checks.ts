import { outcomes } from '../../../statemachine/outcomes.ts';
import type { Steps } from '../functions/steps.ts';
import { type Execution, type History, type Started, sha } from './history.ts';
import { readCommit, readItem } from './in-process.ts';
import { holds, parentOf, type Rule } from './scenario.ts';

/** What an interleaving broke, in words, each with its invariant; nothing when all held. */
export async function broken(history: History, steps: Steps): Promise<string[]> {
  const { functions, rules } = history.scenario;
  const ended = history.executions.flatMap((execution) => endings(execution));
  const claims = functions.includes('claim') ? duplicates(history) : [];
  const records = functions.includes('report') ? await onRecord(history, steps) : [];
  if (!functions.includes('publish')) return [...history.wrong, ...ended, ...claims];
  return [
    ...history.wrong,
    ...ended,
    ...claims,
    ...records,
    ...pointersNeverBack(history),
    ...(await pointersAtQuiet(history, steps)),
    ...inOrder(history),
    ...notTwice(history),
    ...rules.flatMap((rule) => newestBuilt(rule, history)),
    ...decisions(history),
    ...notOnRef(history),
    ...rules.flatMap((rule) => (rule.each ? ownAtQuiet(rule, history) : [])),
  ];
}

const named = ({ rule, telling }: Execution): string =>
  `${telling.deliveryId}${telling.replayName && `/${telling.replayName}`} of rule ${rule.name}`;
const outcomeOf = ({ ending }: Execution): string => ending?.outcome ?? '';
const commits = ({ scenario }: History): number[] =>
  scenario.steps.flatMap((step) => ('change' in step ? step.change.commit : []));
const commitOf = (history: History, { telling }: Execution): number =>
  commits(history)[telling.change - 1] ?? 0;

/** A function that dies is no failure of the delivery (I1): it ends in the outcome that it would have come to. */
function endings(execution: Execution): string[] {
  const { ending, faulty } = execution;
  if (!ending) return [`${named(execution)} has no outcome (I1)`];
  const refused = ending.outcome === 'PipelineFailed' && ending.error !== 'RefBusy';
  const inProgress = ending.error === 'IdempotencyAlreadyInProgressError';
  // The model has one teardown fail.
  const notTornDown = ending.outcome === 'TeardownFailed';
  const bad = ending.failed && (inProgress || !(faulty || refused || notTornDown));
  return bad ? [`${named(execution)} ends in ${ending.outcome}, ${ending.error} (I1)`] : [];
}

/** Every delivery has the outcome of the execution that holds it on record (I11). */
async function onRecord({ executions }: History, steps: Steps): Promise<string[]> {
  const wrong: string[] = [];
  for (const key of new Set(executions.map((execution) => execution.key))) {
    const record = await readItem(steps, 'deliveries', key);
    const holder = executions.find(({ arn }) => arn === record?.executionArn);
    const ending = holder?.ending;
    const right = ending?.failed
      ? [ending.outcome.replace(/^Report /, ''), outcomes.failed]
      : [ending?.outcome];
    if (!right.includes(String(record?.outcome)))
      wrong.push(`${key} is on record as ${record?.outcome}, and ended in ${ending?.outcome} (I11)`);
  }
  return wrong;
}

function duplicates({ executions, started }: History): string[] {
  return executions.flatMap((execution) => {
    const alike = executions.filter((other) => other.key === execution.key);
    const done = alike.filter((other) => !other.ending?.failed && outcomeOf(other) !== 'Duplicate');
    if (done.length > 1) return [`${named(execution)} is done ${done.length} times (I2)`];
    const ran = alike.some((other) => outcomeOf(other) !== 'Duplicate');
    if (!ran) return [`${named(execution)} is a duplicate of nothing (I2)`];
    const { replayName } = execution.telling;
    const repeats = started.some(
      (start) =>
        start.execution !== execution &&
        start.execution.rule === execution.rule &&
        start.execution.telling.replayName === replayName,
    );
    if (replayName !== '' && outcomeOf(execution) === 'Unchanged' && !repeats)
      return [`the replay of ${named(execution)} is Unchanged (I3)`];
    return [];
  });
}

/** Whether each of these stands at a place no earlier than the one before it, as each may stand at several. */
function rising(places: readonly (readonly number[])[]): boolean {
  let at = Number.NEGATIVE_INFINITY;
  for (const choices of places) {
    at = Math.min(...choices.filter((place) => place >= at));
    if (at === Number.POSITIVE_INFINITY) return false;
  }
  return true;
}

/**
 * A pointer that was another one and came back, or was removed again, has the ETag that a late copy asks for: S3 tells
 * neither from the one before. So what follows such a return may be of any look-up, for as long as the copy's own look takes.
 */
function pointersNeverBack(history: History): string[] {
  return [...history.pointers].flatMap(([key, shown]) => {
    const found = lookUps(history, key);
    const places = shown.map((tip) => found.filter((each) => each.tip === tip).map(({ token }) => token));
    const returned = (index: number) => [0, ...shown].indexOf(shown[index - 1] ?? 0) < index;
    const starts = [...shown.keys()].filter((index) => index > 0 && returned(index));
    const parts = [0, ...starts].map((from, part) => places.slice(from, starts[part] ?? places.length));
    return parts.every(rising) ? [] : [`a pointer went back: ${shown.join(', ')} (I4)`];
  });
}

function lookUps(history: History, pointer: string) {
  return history.executions.flatMap((execution) =>
    execution.lookUp && history.pointerOf(execution.rule) === pointer
      ? { ...execution.lookUp, execution }
      : [],
  );
}

async function pointersAtQuiet(history: History, steps: Steps): Promise<string[]> {
  const keys = new Set(history.scenario.rules.map((rule) => history.pointerOf(rule)));
  const wrong: string[] = [];
  for (const key of keys) {
    const found = lookUps(history, key);
    const last = found.filter(({ execution }) => execution.publish).sort((a, b) => b.token - a.token)[0];
    const failed = found.some(({ token, execution }) => token > (last?.token ?? 0) && execution.faulty);
    if (!last || failed) continue;
    const commit = await readCommit(steps, key);
    const wanted = last.tip === 0 ? '' : sha(last.tip);
    if (commit !== wanted)
      wrong.push(`a pointer stands at ${Number.parseInt(commit, 16) || 0}, not at ${last.tip} (I4)`);
  }
  return wrong;
}

/** The changes that put the ref to this commit, of the first `changes`. */
function changesTo(history: History, commit: number, changes = Number.POSITIVE_INFINITY): number[] {
  return commits(history).flatMap((each, index) => (each === commit && index < changes ? index + 1 : []));
}

function inOrder(history: History): string[] {
  const pipelines = new Set(history.started.map(({ pipeline }) => pipeline));
  return [...pipelines].flatMap((pipeline) => {
    const starts = history.started.filter(
      (start) => start.pipeline === pipeline && start.execution.rule.superseded !== 'start',
    );
    const places = starts.map(({ commit, changes }) => changesTo(history, commit, changes));
    const order = starts.map(({ commit }) => commit).join(', ');
    return rising(places)
      ? []
      : [`${pipeline} was started on an older commit after a newer one: ${order} (I5)`];
  });
}

/**
 * Told however often, a commit is started once for each time that the ref came to it. Where no push says when it was, a late
 * telling behind a return to an earlier commit may be of one return more.
 */
function notTwice(history: History): string[] {
  const returns = commits(history).filter((commit, at, all) => commit !== 0 && all.indexOf(commit) < at);
  const untold = history.scenario.hostTimes ? 0 : returns.length;
  const key = ({ execution, commit }: Started) =>
    `${execution.rule.name} on ${commit} (${execution.telling.replayName})`;
  const groups = new Map(
    history.started.map((start) => [
      key(start),
      history.started.filter((other) => key(other) === key(start)),
    ]),
  );
  return [...groups].flatMap(([what, starts]) => {
    const pushes = changesTo(history, starts[0]?.commit ?? 0).length;
    return starts.length > pushes + untold
      ? [`rule ${what} started its pipeline ${starts.length} times (I10)`]
      : [];
  });
}

/** Of what a rule took and what could be pulled, the newest is built. */
function newestBuilt(rule: Rule, history: History): string[] {
  const taken = history.executions.filter(
    (execution) =>
      execution.rule === rule && commitOf(history, execution) !== 0 && outcomeOf(execution) !== 'Duplicate',
  );
  const done = taken.filter((each) => !each.ending?.failed && outcomeOf(each) !== 'RefGone' && !each.offRef);
  const newest = Math.max(0, ...done.map(({ telling }) => telling.change));
  if (newest === 0) return [];
  // A branch that is deleted has no pipeline of its own to be started.
  if (rule.each && commits(history).slice(newest).includes(0)) return [];
  // What failed after it was taken may have been started: nothing older is built in its place. A pull that fails takes nothing.
  const unsure = taken.filter(
    ({ ending, telling }) => ending?.failed && ending.outcome !== 'PullFailed' && telling.change > newest,
  );
  if (unsure.some(({ faulty }) => faulty)) return [];
  const waits = done.filter(
    ({ telling, decided }) => telling.change === newest && unsure.every(({ ended = 0 }) => ended < decided),
  );
  if (unsure.length > 0 && waits.length === 0) return [];
  const commit = commits(history)[newest - 1] ?? 0;
  // The host came back to a commit that the rule took before: that is the newest too.
  const back = done
    .map((each) => commitOf(history, each))
    .filter((each) => changesTo(history, each).some((at) => at > newest));
  const right = [commit, ...back];
  const published = done
    .filter((each) => outcomeOf(each) === 'Published')
    .map((each) => commitOf(history, each));
  const built = rule.pipeline
    ? history.started.filter(({ execution }) => execution.rule === rule).at(-1)?.commit
    : published.find((each) => right.includes(each));
  if (rule.superseded !== 'start' && isPassed(rule, history, newest)) return [];
  const instead = rule.pipeline ? [built ?? 0] : published;
  if (instead.some((each) => isUnknownReturn(history, commit, each))) return [];
  const unchanged = !rule.pipeline && done.some((each) => outcomeOf(each) === 'Unchanged');
  if (rule.superseded === 'start') return everyBuilt(done, history);
  return unchanged || right.includes(built ?? 0)
    ? []
    : [`rule ${rule.name} built ${built ?? 'nothing'} last, not ${commit} (I10)`];
}

/** Whether another rule has started the same pipeline on something newer, or may have: it broke off as it did so (I5). */
function isPassed(rule: Rule, history: History, newest: number): boolean {
  const isNewer = (commit: number): boolean => changesTo(history, commit).some((at) => at >= newest);
  const others = history.executions.filter(
    (other) => other.rule !== rule && rule.pipeline !== undefined && other.rule.pipeline === rule.pipeline,
  );
  return (
    history.started.some(({ commit, execution }) => others.includes(execution) && isNewer(commit)) ||
    others.some((other) => other.deaths > 0 && other.publish && isNewer(commitOf(history, other)))
  );
}

function everyBuilt(done: readonly Execution[], history: History): string[] {
  return done.flatMap((execution) => {
    const commit = commitOf(history, execution);
    const built = history.started.some(
      (start) => start.execution.rule === execution.rule && start.commit === commit,
    );
    return built ? [] : [`rule ${execution.rule.name} never built ${commit}, which it takes always (I10)`];
  });
}

/**
 * Whether nothing tells that the ref came back from a commit to one before it: the telling of the earlier one says neither when
 * it was pushed nor over what. As the host has it, the other commit is the newer one.
 */
function isUnknown(history: History, back: Execution, other: Execution): boolean {
  const { scenario } = history;
  const [earlier, later] = [commitOf(history, back), commitOf(history, other)];
  const isTold = scenario.hostTimes && back.telling.event === 'push';
  return !isTold && holds(scenario, earlier, later) && holds(scenario, later, other.lookUp?.tip ?? 0);
}

/** Whether nothing tells that the ref came back to a commit: what was built has replaced the commit when it was there before. */
const isUnknownReturn = (history: History, commit: number, built: number): boolean =>
  !history.scenario.hostTimes &&
  built !== 0 &&
  (parentOf(history.scenario, built) === commit ||
    // By force, what was built may not hold it.
    commits(history).some((at, change, all) => at === built && all[change - 1] === commit));

/** A branch that is gone has no pipeline of its own, and one that is there keeps what was started for it. */
function ownAtQuiet(rule: Rule, history: History): string[] {
  const found = lookUps(history, history.pointerOf(rule)).filter(({ execution }) => execution.publish);
  const last = found.toSorted((a, b) => b.token - a.token)[0];
  const gone = Math.max(0, ...found.filter(({ tip }) => tip === 0).map(({ token }) => token));
  const isStarted = history.started.some(({ execution }) => (execution.lookUp?.token ?? 0) > gone);
  if (last?.tip === 0 && history.hasOwn()) return ['the branch is gone, and its pipeline is still there'];
  if (isStarted && !history.hasOwn()) return ['the branch is there, and its pipeline was deleted'];
  return [];
}

/** A commit that the ref did not hold is not built. */
const notOnRef = ({ executions, started }: History): string[] =>
  executions
    .filter(
      (execution) =>
        execution.offRef &&
        (started.some((start) => start.execution === execution) || outcomeOf(execution) === 'Published'),
    )
    .map((execution) => `${named(execution)} is built, and was not on its ref (I10)`);

/** No step answers what another, which had ended before it began, has made untrue. */
function decisions(history: History): string[] {
  return history.executions.flatMap((execution) => {
    const { publish, lookUp, rule, telling } = execution;
    const earlier = history.executions.filter(
      (other) => other.publish && publish && other.publish.ended < publish.began && other.lookUp,
    );
    if (publish?.outcome === 'RefRetired') {
      const pointer = history.pointerOf(rule);
      const found = lookUps(history, pointer);
      // It may have gone again since: whoever found that has recorded it, whether its step has ended or not.
      const back = earlier.some(
        (other) =>
          history.pointerOf(other.rule) === pointer &&
          (other.lookUp?.token ?? 0) > (lookUp?.token ?? 0) &&
          other.lookUp?.tip !== 0 &&
          !found.some(({ token, tip }) => tip === 0 && token > (other.lookUp?.token ?? 0)),
      );
      if (lookUp?.tip !== 0 || back) return [`${named(execution)} is RefRetired, and the ref is there (I4)`];
    }
    // What CodePipeline refuses gives its place back.
    if (publish?.outcome !== 'Published' || history.scenario.refused.length > 0) return [];
    const commit = commitOf(history, execution);
    const stale = earlier.find(
      (other) =>
        other.rule === rule &&
        other.publish?.outcome === 'Published' &&
        !other.ending?.failed &&
        other.telling.change > telling.change &&
        commitOf(history, other) !== commit &&
        changesTo(history, commit).every((change) => change < other.telling.change) &&
        !isUnknown(history, other, execution),
    );
    return stale ? [`${named(execution)} is Published after ${named(stale)}, which is newer (I10)`] : [];
  });
}
