import { errors } from '../../statemachine/errors.ts';
import { FAILURES, outcomes, UNMATCHED, unreported } from '../../statemachine/outcomes.ts';
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

/** The next step of a delivery; undefined when there is nothing to do. */
export function nextStepOf(row: Failed): NextStep | undefined {
  const { outcome, error, host, deliveryId } = row;
  if (outcome === UNMATCHED) return unmatched(row);
  const [of, id] = [shellWord(host, 'HOST'), shellWord(deliveryId, 'DELIVERY')];
  const again = `hookline redeliver ${id}`;
  if (outcome === outcomes.rejected) return rejected(of, id);
  if (outcome === outcomes.malformed)
    return {
      words: 'a redelivery brings the same payload: set the content type application/json on the webhook',
      commands: [],
    };
  if (outcome === unreported.ABORTED || outcome === unreported.TIMED_OUT || outcome === unreported.FAILED)
    return { words: 'it goes on at the state where it ended', commands: [`hookline redrive ${id}`] };
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
      'the host has the commit no more, so a redelivery cannot help: what replaced the commit came as a push of its own',
    commands: [],
  }),
  [errors.credentialRefused]: credentials,
  [errors.repositoryMissing]: credentials,
  [errors.pipelineMissing]: (_, again) => ({
    words: 'make the pipeline, or name another in the rule, and run the delivery again',
    commands: ['hookline rules list', again],
  }),
};

function credentials(host: string, again: string): NextStep {
  return {
    words: `give Hookline a token of ${host} that may read the repository, on standard input, and run the delivery again`,
    commands: [`hookline secret set ${host} token`, again],
  };
}

function rejected(host: string, id: string): NextStep {
  return {
    words: `a redelivery checks the same signature again, so it helps only once Hookline has the secret that the webhook had. Otherwise set Hookline's secret on the webhook, and have ${host} send the delivery again. Where the token may not change webhooks, "hookline secret show ${host} --reveal" shows the secret`,
    commands: [
      `hookline hooks create OWNER/NAME --host ${host}`,
      `hookline hooks redeliver OWNER/NAME ${id} --host ${host}`,
    ],
  };
}

function unmatched({ event, repository, ref, receivedAt }: Failed): NextStep {
  const from = Date.parse(receivedAt);
  const [begin, end] = [from, from + 1000].map((time) => new Date(time).toISOString());
  const wanted = [
    `--event ${shellWord(event, 'EVENT')}`,
    ...(repository === '' ? [] : [`--repository ${shellPath(repository, 'OWNER/NAME')}`]),
    ...(ref === '' ? [] : [`--ref ${shellPath(ref, 'REF')}`]),
  ];
  return {
    words:
      'nothing, if no rule should take it. Otherwise add a rule or widen one, deploy it, and replay the second in which the delivery came: the archive has it',
    commands: [
      `hookline rules new NAME ${wanted.join(' ')}`,
      `hookline replay --from ${begin} --to ${end} --rule NAME`,
    ],
  };
}

/** The same for a name with slashes in it. */
const shellPath = (value: string, name: string): string =>
  value.split('/').every((part) => shellWord(part, '') !== '') ? value : name;

/** A value as a word of a shell, or a placeholder for it. Anybody may send a delivery whose id is a command. */
const shellWord = (value: string, name: string): string => (/^[\w.][\w.-]*$/.test(value) ? value : name);
