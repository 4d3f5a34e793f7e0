import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import type { EventPattern } from '../../core/event-pattern/compile.ts';
import type { PackedText } from '../../core/packed-text.ts';
import type { Collection } from '../../core/store.ts';
import type { Target, TargetInput } from './target.ts';

export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly description?: string | undefined;
}

export interface Rule {
  readonly name: string;
  readonly bus: string;
  readonly arn: string;
  readonly description?: string | undefined;
  readonly state: 'ENABLED' | 'DISABLED';
  /** as JSON; of a rule without a schedule */
  readonly pattern?: string | undefined;
  /** `rate(5 minutes)` */
  readonly schedule?: string | undefined;
  readonly matches: EventPattern;
  readonly targets: readonly Target[];
}

/** A rule as the store keeps it. */
export type SavedRule = Omit<Rule, 'matches' | 'targets'> & { readonly targets: readonly TargetInput[] };

export interface Archive {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly description?: string | undefined;
  readonly pattern?: string | undefined;
  readonly matches: EventPattern;
  /** 0 keeps forever */
  readonly retentionDays: number;
  /** milliseconds since 1970, as every time of this service's state */
  readonly created: number;
}

/** The content of an archive in numbers, as DescribeArchive answers it. */
interface Holding {
  readonly count: number;
  readonly bytes: number;
}

export interface Replay {
  readonly name: string;
  readonly archive: string;
  readonly bus: string;
  readonly description?: string | undefined;
  /** only these rules; every rule when there is none */
  readonly filter: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly state: 'STARTING' | 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly reason?: string | undefined;
  readonly started: number;
  readonly ended?: number | undefined;
  /** the archive's key of the last event that is on its way */
  readonly cursor?: readonly [time: number, sequence: string] | undefined;
}

/** What an endpoint outside of AWS is called with. */
export interface Connection {
  readonly name: string;
  readonly arn: string;
  readonly type: 'API_KEY' | 'BASIC';
  /** the header's name of an API key, the user of BASIC */
  readonly user: string;
  readonly header: string;
  /** the header's value, which no call answers and nothing logs */
  readonly secret: string;
  readonly created: number;
}

/** An endpoint outside of AWS. */
export interface ApiDestination {
  readonly name: string;
  readonly arn: string;
  readonly connectionArn: string;
  /** `https://…` */
  readonly endpoint: string;
  readonly created: number;
}

/** An event that waits for its targets. */
export interface Body {
  readonly json: PackedText;
  readonly ingested: number;
  /** how many targets still wait for it */
  readonly left: number;
}

/** One event on its way to one target. */
export interface Delivery {
  readonly body: string;
  readonly bus: string;
  readonly rule: string;
  readonly target: string;
  readonly since: number;
  readonly attempts: number;
  /** whether the target has asked for a longer wait than is usual */
  readonly asked?: boolean;
  /** the reason why the target will not get the event; set when only the dead letter is left to send */
  readonly dead?: { readonly code: string; readonly message: string; readonly exhausted?: string };
}

/** The template's definitions are in memory, as each start makes them again; events, replays and the API's rules are on disk. */
export interface State {
  readonly cloud: Cloud;
  readonly buses: Map<string, Bus>;
  /** by `bus/name` */
  readonly rules: Map<string, Rule>;
  /** keys of the rules that the template defines */
  readonly fromTemplate: Set<string>;
  readonly archives: Map<string, Archive>;
  readonly apiRules: Collection<SavedRule>;
  /** the template's rules as last made, for events that still wait for a rule that is gone */
  readonly templateRules: Collection<SavedRule>;
  readonly connections: Collection<Connection>;
  readonly destinations: Collection<ApiDestination>;
  /** rules of the template that EnableRule or DisableRule has switched, and from what */
  readonly switches: Collection<{ from: Rule['state']; to: Rule['state'] }>;
  /** when a schedule's next event is due, by `bus/name` */
  readonly schedules: Collection<{ readonly schedule: string; readonly due: number }>;
  /** by `[due, sequence, id]` */
  readonly queue: Collection<Delivery>;
  readonly bodies: Collection<Body>;
  /** by `[archive, time, event id]` */
  readonly archived: Collection<PackedText>;
  readonly holdings: Collection<Holding & { created: number }>;
  readonly replays: Collection<Replay>;
}

export const DEFAULT_BUS = 'default';

export function stateOf(cloud: Cloud): State {
  const { store } = cloud;
  const bus = { name: DEFAULT_BUS, arn: arnOf(cloud, `event-bus/${DEFAULT_BUS}`) };
  return {
    cloud,
    buses: new Map([[DEFAULT_BUS, bus]]),
    rules: new Map(),
    fromTemplate: new Set(),
    archives: new Map(),
    apiRules: store.collection('events/rules'),
    templateRules: store.collection('events/template-rules'),
    connections: store.collection('events/connections'),
    destinations: store.collection('events/destinations'),
    switches: store.collection('events/switches'),
    schedules: store.collection('events/schedules'),
    queue: store.collection('events/queue'),
    bodies: store.collection('events/bodies'),
    archived: store.collection('events/archived'),
    holdings: store.collection('events/holdings'),
    replays: store.collection('events/replays'),
  };
}

export function arnOf({ region, account }: Cloud, resource: string): string {
  return `arn:aws:events:${region}:${account}:${resource}`;
}

/** The name of the bus that a request means by a name, an ARN or nothing. */
export function busName(nameOrArn: string = DEFAULT_BUS): string {
  return nameOrArn.replace(/^arn:[^/]*event-bus\//, '');
}

/** @throws ResourceNotFoundException */
export function busOf(state: State, nameOrArn?: string): Bus {
  const name = busName(nameOrArn);
  return state.buses.get(name) ?? throwNotFound(`Event bus ${name} does not exist.`);
}

/** @throws ResourceNotFoundException */
export function ruleOf(state: State, name: string, nameOrArn?: string): Rule {
  const bus = busOf(state, nameOrArn);
  return (
    state.rules.get(`${bus.name}/${name}`) ??
    throwNotFound(`Rule ${name} does not exist on EventBus ${bus.name}.`)
  );
}

/** @throws ResourceNotFoundException, always */
export function throwNotFound(message: string): never {
  throw new AwsError('ResourceNotFoundException', message);
}
