import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';
import { stringify } from 'yaml';
import * as z from 'zod';
import type { Asset, Service } from '../../../local/core/cloud.ts';
import { makeResource } from '../../../local/core/gate.ts';
import { codeBuildService } from '../../../local/services/codebuild/index.ts';
import { logsService } from '../../../local/services/logs/index.ts';
import { type FakeCloud, fakeCloud } from '../../../local/testing.ts';

const buildSchema = z.looseObject({
  id: z.string(),
  arn: z.string(),
  buildNumber: z.number(),
  buildStatus: z.string(),
  buildComplete: z.boolean(),
  currentPhase: z.string(),
  phases: z.array(
    z.looseObject({
      phaseType: z.string(),
      phaseStatus: z.string().optional(),
      contexts: z.array(z.object({ statusCode: z.string(), message: z.string() })).default([]),
    }),
  ),
  exportedEnvironmentVariables: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type ShownBuild = z.infer<typeof buildSchema>;

const started = z.object({ build: buildSchema });
const found = z.object({ builds: z.array(buildSchema) });
const logEvents = z.object({ events: z.array(z.object({ message: z.string() })) });

export type Commands = Partial<Record<'install' | 'pre_build' | 'build' | 'post_build', readonly string[]>>;

/** A buildspec with these commands and whatever else. */
export function spec(commands: Commands, more: object = {}): string {
  const phases = Object.fromEntries(
    Object.entries(commands).map(([name, list]) => [name, { commands: list }]),
  );
  return stringify({ version: 0.2, env: { shell: 'bash' }, phases, ...more });
}

/** The role of the project's builds, which may do everything with S3. */
export const ROLE = 'arn:aws:iam::000000000000:role/build';

export interface Bench {
  readonly cloud: FakeCloud;
  /** makes the project `demo`, or changes it; to be called before `begin` */
  project(properties?: object): Promise<unknown>;
  /** the runtime's start */
  begin(): Promise<void>;
  start(input?: object): Promise<ShownBuild>;
  get(id: string): Promise<ShownBuild>;
  /** resolves with the build once it is complete */
  end(id: string): Promise<ShownBuild>;
  /** starts a build of this buildspec and waits for its end */
  run(buildspec: string, input?: object): Promise<ShownBuild>;
  lines(id: string): Promise<string[]>;
}

/** CodeBuild and CloudWatch Logs over this state folder. */
export function bench(folder: string, assets: Record<string, Asset> = {}, others: Service[] = []): Bench {
  const cloud = fakeCloud(folder, assets);
  cloud.policies.trust(ROLE, []);
  cloud.policies.identity('build', [ROLE], [{ Effect: 'Allow', Action: ['s3:*'], Resource: ['*'] }]);
  cloud.add(logsService(cloud));
  for (const other of others) cloud.add(other);
  const service = cloud.add(codeBuildService(cloud));
  const get = async (id: string): Promise<ShownBuild> => {
    const [build] = found.parse(await cloud.request('codebuild', 'BatchGetBuilds', { ids: [id] })).builds;
    if (!build) throw new Error(`no build ${id}`);
    return build;
  };
  const end = (id: string): Promise<ShownBuild> =>
    vi.waitFor(
      async () => {
        const build = await get(id);
        if (!build.buildComplete) throw new Error(`the build ${id} is at ${build.currentPhase}`);
        return build;
      },
      { interval: 10 },
    );
  const start = async (input: object = {}): Promise<ShownBuild> =>
    started.parse(await cloud.request('codebuild', 'StartBuild', { projectName: 'demo', ...input })).build;
  return {
    cloud,
    project: async (properties = {}) => provision(service, properties),
    begin: async () => service.start?.(),
    start,
    get,
    end,
    run: async (buildspecOverride, input = {}) =>
      end((await start({ buildspecOverride, idempotencyToken: randomUUID(), ...input })).id),
    lines: async (id) => {
      const input = { logGroupName: '/aws/codebuild/demo', logStreamNames: [id.split(':')[1]] };
      const answer = await cloud.request('logs', 'FilterLogEvents', input);
      return logEvents.parse(answer).events.map(({ message }) => message.replace(/\n$/, ''));
    },
  };
}

function provision(service: Service, properties: object): unknown {
  return makeResource(service, {
    stackName: 'S',
    logicalId: 'P',
    type: 'AWS::CodeBuild::Project',
    generatedName: 'S-P',
    properties: {
      Name: 'demo',
      ServiceRole: ROLE,
      Source: { Type: 'NO_SOURCE', BuildSpec: spec({ build: ['true'] }) },
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Environment: { Type: 'LINUX_CONTAINER', Image: 'image', ComputeType: 'BUILD_GENERAL1_SMALL' },
      ...properties,
    },
  });
}
