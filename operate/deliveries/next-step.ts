import { RULE_NAME } from '../../events/rule-name.ts';
import { errors } from '../../statemachine/errors.ts';
import { FAILURES, outcomes, UNMATCHED, unreported } from '../../statemachine/outcomes.ts';
import type { Explanation } from '../rules/explain.ts';
import type { DeliveryRow } from './row.ts';

/** The operator's next step after a delivery that failed. */
export interface NextStep {
  readonly words: string;
  /** to be typed, in this order */
  readonly commands: readonly string[];
}

type Failed = Pick<
  DeliveryRow,
  'outcome' | 'error' | 'host' | 'deliveryId' | 'event' | 'repository' | 'ref' | 'receivedAt'
>;

/**
 * The next step of a delivery; undefined when there is nothing to do.
 * @param explanations why the rules do not match it, of one that no rule took
 */
export function nextStepOf(row: Failed, explanations: readonly Explanation[] = []): NextStep | undefined {
  const { outcome, error, host, deliveryId } = row;
  if (outcome === UNMATCHED) return unmatched(row, nearestOf(explanations));
  const [of, id] = [shellWord(host, 'HOST'), shellWord(deliveryId, 'DELIVERY')];
  const again = `hookline redeliver ${id} --watch`;
  if (outcome === outcomes.rejected) return rejected(of, id, again);
  if (outcome === outcomes.malformed)
    return {
      words: `where the message says that the rule does not take the delivery, mend the rule's match, deploy it, and run the delivery again ("${again}"). Otherwise a redelivery brings the same payload and cannot help: have the host send what its documentation says`,
      commands: [],
    };
  if (error === errors.misconfigured && outcome === unreported.FAILED)
    return {
      words: 'mend what the error names and deploy: it then goes on at the state where it ended',
      commands: [`hookline redrive ${id} --watch`],
    };
  if (outcome === unreported.ABORTED || outcome === unreported.TIMED_OUT || outcome === unreported.FAILED)
    return { words: 'it goes on at the state where it ended', commands: [`hookline redrive ${id} --watch`] };
  if (!FAILURES.some((name) => name === outcome)) return undefined;
  return (
    OF_ERRORS[error]?.(of, again) ?? {
      words: 'mend what the error names, and run it again',
      commands: [again],
    }
  );
}

const OF_ERRORS: Readonly<Record<string, (host: string, again: string) => NextStep>> = {
  [errors.commitUnreachable]: () => ({
    words:
      'the host does not have the commit, and what replaced it came as a push of its own. A redelivery helps only once the commit, or the one of its submodule, is pushed again: it then takes --force',
    commands: [],
  }),
  [errors.credentialRefused]: credentials,
  [errors.repositoryMissing]: credentials,
  [errors.pipelineMissing]: (_, again) => ({
    words: 'make the pipeline, or name another in the rule, and run the delivery again',
    commands: [again],
  }),
};

function credentials(host: string, again: string): NextStep {
  return {
    words: `give Hookline a token of ${host} that may read the repository, on standard input, and run the delivery again`,
    commands: [`hookline secret set ${host} token`, again],
  };
}

// The repository's name is not verified, so that no command may name it.
function rejected(host: string, id: string, again: string): NextStep {
  return {
    words: `where Hookline has the wrong secret, give it the webhook's, on standard input, and run the delivery again. Where the webhook has the wrong one, a redelivery would check the same signature again: set Hookline's on the webhook ("hookline hooks create OWNER/NAME --host ${host}", or by hand what "hookline secret show ${host} --reveal" shows), and have ${host} send the delivery again ("hookline hooks redeliver OWNER/NAME ${id} --host ${host}")`,
    commands: [`hookline secret set ${host} webhook`, again],
  };
}

/** The rule that takes a delivery now, or else the only one that is for its repository and refuses something else of it. */
function nearestOf(explanations: readonly Explanation[]): Explanation | undefined {
  const taking = explanations.find(({ matches }) => matches);
  const [near, ...others] = explanations.filter(({ clauses }) =>
    clauses.some(({ path, matches }) => matches === true && path.includes('repository')),
  );
  return taking ?? (others.length === 0 ? near : undefined);
}

function unmatched(row: Failed, nearest: Explanation | undefined): NextStep {
  const from = Date.parse(row.receivedAt);
  const [begin, end] = [from, from + 1000].map((time) => new Date(time).toISOString());
  const replayInto = (rule: string): string => `hookline replay --from ${begin} --to ${end} --rule ${rule}`;
  const name = nearest?.rule ?? newRuleName(row);
  if (nearest?.matches)
    return {
      words: `the rule ${name} takes it now: replay the second in which the delivery came, which the archive has`,
      commands: [replayInto(name)],
    };
  return {
    words: `nothing, if no rule should take it. Otherwise ${nearest ? `widen the rule ${name}, which is for the repository` : 'add a rule'}, deploy it, and replay the second in which the delivery came: the archive has it`,
    commands: [...(nearest ? [] : [newRule(row, name)]), replayInto(name)],
  };
}

/** What a rule for a repository may be called: `acme-docs` */
function newRuleName({ repository }: Failed): string {
  const name = repository.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return RULE_NAME.test(name) && !name.endsWith('-') ? name : 'NAME';
}

function newRule({ event, repository, ref }: Failed, name: string): string {
  const wanted = [
    `--event ${shellWord(event, 'EVENT')}`,
    ...(repository === '' ? [] : [`--repository ${shellPath(repository, 'OWNER/NAME')}`]),
    ...(ref === '' ? [] : [`--ref ${shellPath(ref, 'REF')}`]),
  ];
  return `hookline rules new ${name} ${wanted.join(' ')}`;
}

/** The same for a name with slashes in it. */
const shellPath = (value: string, name: string): string =>
  value.split('/').every((part) => shellWord(part, '') !== '') ? value : name;

/** A value as a word of a shell, or a placeholder for it. Anybody may send a delivery whose id is a command. */
const shellWord = (value: string, name: string): string => (/^[\w.][\w.-]*$/.test(value) ? value : name);
