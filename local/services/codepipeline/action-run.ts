import { createHash } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import type { Action } from './action.ts';
import type { Pipeline } from './definition.ts';
import type { ActionExecution, Execution, Revision, StoredArtifact } from './execution.ts';

/** An action at work. */
export interface Acting {
  readonly cloud: Cloud;
  readonly pipeline: Pipeline;
  readonly execution: Execution;
  readonly action: Action;
  /** the action so far, for one that is taken up again */
  readonly known: ActionExecution;
  /** ends it, as the process does or the execution is abandoned */
  readonly signal: AbortSignal;
  /** keeps what is known of it, on disk when this resolves */
  note(part: Pick<ActionExecution, 'configuration' | 'externalId'>): Promise<void>;
}

/** What an action has come to. */
export interface Done {
  readonly artifacts: Readonly<Record<string, StoredArtifact>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly summary?: string;
  readonly revision?: Revision;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Where an artifact of this execution stands: the same place again for an action that is taken up again. */
export function placeOf({ name, store }: Pipeline, { id }: Execution, artifact: string): StoredArtifact {
  const digest = createHash('sha256').update(`${id} ${artifact}`).digest();
  const unique = Array.from(digest.subarray(0, 7), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return { bucket: store, key: `${name.slice(0, 20)}/${artifact.slice(0, 10)}/${unique}` };
}
