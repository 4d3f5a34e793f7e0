import type { Provisioned, Service } from '../core/cloud.ts';
import type { Stack } from './assembly.ts';

/** A resource that stands. */
export interface Made extends Provisioned {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Record<string, unknown>;
  /** stays when its stack gives it up */
  readonly retained: boolean;
}

/** What a stack has become. */
export interface DeployedStack {
  readonly name: string;
  readonly id: string;
  readonly resources: readonly Made[];
  readonly outputs: readonly { key: string; value: string; description?: string }[];
  /** the template as it was written */
  readonly source: string;
  /** when it was last brought to another template */
  readonly updatedAt?: Date;
}

/** A stack to be made, and what it is made with. */
export interface Deployment {
  readonly stack: Stack;
  readonly services: readonly Service[];
  /** the other stacks of the account: no two resources may have one physical name */
  readonly others?: readonly DeployedStack[];
  readonly account: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
}
