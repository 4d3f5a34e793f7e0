import type { Trial } from '../trial.ts';
import { reconciled, replayed } from './again.ts';
import { branch, branchWhoseBuildFails, branchWhoseBuildRuns, limit } from './own-pipelines.ts';
import { failing, pipeline, stoppedByHand } from './pipelines.ts';
import {
  deletion,
  duplicate,
  ec2,
  forged,
  large,
  missing,
  ping,
  plain,
  superseded,
  tag,
  unchanged,
} from './pushes.ts';
import { approvedFork, ends } from './requests.ts';
import { away, early, gaveWay, stopped, stoppedOnEc2 } from './stops.ts';
import { lostDeletion } from './sweep.ts';

/** Something that a Hookline does for its users, from the door to its end. Each makes do with an empty Hookline. */
export interface Step {
  readonly name: string;
  /** @throws, or never ends, when it does not come to its end */
  run(trial: Trial): Promise<void>;
}

/** What is tried of a Hookline, in this order. */
export const STEPS: readonly Step[] = [
  { name: 'ping', run: ping },
  { name: 'push to a pipeline', run: pipeline },
  { name: 'push without a pipeline', run: plain },
  { name: 'pull on EC2', run: ec2 },
  { name: 'duplicate', run: duplicate },
  { name: 'the same commit again', run: unchanged },
  { name: 'older push that is late', run: superseded },
  { name: 'tag', run: tag },
  { name: 'branch deletion', run: deletion },
  { name: 'large delivery', run: large },
  { name: 'stop while a build runs', run: stopped },
  { name: 'stop while a build on EC2 runs', run: stoppedOnEc2 },
  { name: 'older push that gave way to one that was stopped', run: gaveWay },
  { name: 'stop while a host is away', run: away },
  { name: 'stop before anything is recorded', run: early },
  // After those that fail for want of the record of an end: these end well without it.
  { name: 'forged signature', run: forged },
  { name: 'missing repository', run: missing },
  { name: 'pipeline that fails', run: failing },
  { name: 'pipeline that a person stops', run: stoppedByHand },
  { name: 'branch with a pipeline of its own', run: branch },
  { name: 'branch whose pipeline fails', run: branchWhoseBuildFails },
  { name: 'branch that is deleted while its pipeline runs', run: branchWhoseBuildRuns },
  { name: 'branch above the limit', run: limit },
  { name: 'lost deletion of a branch', run: lostDeletion },
  { name: 'approved request of a fork', run: approvedFork },
  { name: 'pipeline for the end', run: ends },
  // It runs again everything that was before.
  { name: 'replay', run: replayed },
  { name: 'reconcile', run: reconciled },
];
