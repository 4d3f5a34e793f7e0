import type { Asset, Cloud, Principal } from '../../core/cloud.ts';
import type { Variable } from './project.ts';

export type Status = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'STOPPED' | 'TIMED_OUT';

/** A phase as the API shows it; times in epoch seconds. */
export interface BuildPhase {
  readonly phaseType: string;
  readonly phaseStatus?: string | undefined;
  readonly startTime: number;
  readonly endTime?: number | undefined;
  readonly durationInSeconds?: number | undefined;
  readonly contexts?: readonly { readonly statusCode: string; readonly message: string }[] | undefined;
}

/** A build as the API shows it. */
export interface Build {
  readonly id: string;
  readonly arn: string;
  readonly buildNumber: number;
  readonly startTime: number;
  readonly endTime?: number;
  readonly currentPhase: string;
  readonly buildStatus: Status;
  readonly sourceVersion?: string | undefined;
  readonly resolvedSourceVersion?: string | undefined;
  readonly projectName: string;
  readonly phases: readonly BuildPhase[];
  readonly source: {
    readonly type: string;
    readonly location?: string | undefined;
    readonly buildspec?: string | undefined;
  };
  readonly artifacts?: { readonly location?: string; readonly md5sum?: string; readonly sha256sum?: string };
  readonly environment: {
    readonly type: string;
    readonly image: string;
    readonly computeType: string;
    readonly privilegedMode: boolean;
    readonly environmentVariables: readonly Variable[];
  };
  readonly serviceRole: string;
  readonly logs: {
    readonly groupName?: string;
    readonly streamName?: string;
    readonly deepLink?: string;
    readonly cloudWatchLogs: {
      readonly status: 'ENABLED' | 'DISABLED';
      readonly groupName?: string;
      readonly streamName?: string;
    };
  };
  readonly timeoutInMinutes: number;
  readonly queuedTimeoutInMinutes: number;
  readonly buildComplete: boolean;
  readonly initiator: string;
  readonly exportedEnvironmentVariables: readonly { readonly name: string; readonly value: string }[];
}

/** Where a build that a pipeline starts puts its artifact. */
export interface Output {
  readonly bucket: string;
  readonly key: string;
}

/** A build with the parts that the API does not show. */
export interface StoredBuild {
  readonly build: Build;
  readonly output?: Output | undefined;
  /** the assembly's asset that is its source: an assembly of a later start does not know it */
  readonly asset?: Asset | undefined;
}

/**
 * The role that CodeBuild takes up for the builds of a project.
 * @throws AccessDenied when the role does not trust CodeBuild
 */
export function roleOf(
  cloud: Cloud,
  { serviceRole, projectName }: Pick<Build, 'serviceRole' | 'projectName'>,
): Principal {
  const project = `arn:aws:codebuild:${cloud.region}:${cloud.account}:project/${projectName}`;
  return cloud.assume(serviceRole, cloud.acting('codebuild.amazonaws.com', project));
}

export const seconds = (): number => Date.now() / 1000;
