import type { Provisioned, Service } from '../core/cloud.ts';
import type { Stack } from './assembly.ts';

/** A resource that the runtime has made. */
export interface MadeResource extends Provisioned {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Record<string, unknown>;
  /** stays when its stack gives it up */
  readonly retained: boolean;
}

export interface Output {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  /** the name of its export, which no other stack of the account and the Region has */
  readonly exportName?: string;
}

/** A stack that is deployed, with its resources and outputs. */
export interface DeployedStack {
  readonly name: string;
  readonly id: string;
  readonly resources: readonly MadeResource[];
  readonly outputs: readonly Output[];
  /** the template as it was written */
  readonly source: string;
  /** when the stack was last updated to another template */
  readonly updatedAt?: Date;
}

/** A stack to be made, with the services and values for it. */
export interface Deployment {
  readonly stack: Stack;
  readonly services: readonly Service[];
  /** the other stacks of the account: no two resources may have one physical name */
  readonly others?: readonly DeployedStack[];
  readonly account: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
}
