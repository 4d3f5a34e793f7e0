import {
  ListPipelineExecutionsCommand,
  ListPipelinesCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-codepipeline';
import { BRANCH_PIPELINE_END } from '../../events/branch-pipeline-name.ts';
import { type PipelineTags, readTags } from '../../events/pipeline-tags.ts';
import type { Connection } from '../connection/connection.ts';
import { DAY_MS } from '../days.ts';
import { type TemplateRule, templateRules } from './template-rules.ts';

/** A pipeline that this Hookline has made for a branch or a pull request. */
export interface OwnPipeline {
  readonly name: string;
  /** the rule that made it, by the name that it has now */
  readonly rule: string;
  readonly host: string;
  readonly repository: string;
  readonly ref: string;
  /** the number of the pull request; undefined for a branch */
  readonly pullRequest?: number | undefined;
  /** the template and its options as the rule has them now; undefined where no rule makes such pipelines any more */
  readonly template?: string | undefined;
  readonly limit?: number | undefined;
  readonly idleDays?: number | 'never' | undefined;
  /** the last execution in CodePipeline's words, `Succeeded`; `''` before the first */
  readonly status: string;
  readonly executionId: string;
  /** ISO time of the last execution's end, or of its start while it runs; `''` before the first */
  readonly lastRunAt: string;
  /** ISO time from which the hourly sweep takes it down if it does not run before; undefined where it is never */
  readonly goesAt?: string | undefined;
}

/** How many pipelines there are of a rule's template: those of all rules that name it count together. */
export interface TemplateUse {
  readonly template: string;
  readonly rule: string;
  readonly pipelines: number;
  readonly limit: number;
}

export interface OwnPipelines {
  /** by name */
  readonly pipelines: readonly OwnPipeline[];
  readonly templates: readonly TemplateUse[];
}

// CodePipeline answers some twenty calls a second, and each pipeline takes two.
const AT_ONCE = 8;

/** The pipelines of branches and pull requests, by their tags. */
export async function listOwnPipelines(connection: Connection): Promise<OwnPipelines> {
  const [rules, types] = await Promise.all([templateRules(connection), pipelineTypes(connection)]);
  const alike = [...types.keys()].filter((name) => BRANCH_PIPELINE_END.test(name)).toSorted();
  const pipelines: OwnPipeline[] = [];
  for (let at = 0; at < alike.length; at += AT_ONCE) {
    const some = alike.slice(at, at + AT_ONCE).map((name) => ownPipeline(connection, rules, name));
    pipelines.push(...(await Promise.all(some)).flat());
  }
  return { pipelines, templates: rules.map((rule) => useOf(rule, pipelines)) };
}

const useOf = ({ template, name: rule, limit }: TemplateRule, pipelines: readonly OwnPipeline[]) => ({
  ...{ template, rule, limit },
  pipelines: pipelines.filter(({ name }) => name.startsWith(`${template}-`)).length,
});

/** The types (V1, V2) of all pipelines of the account and Region, by their names. */
export async function pipelineTypes({ codepipeline }: Connection): Promise<ReadonlyMap<string, string>> {
  const types = new Map<string, string>();
  let nextToken: string | undefined;
  do {
    const page = await codepipeline.send(new ListPipelinesCommand({ maxResults: 1000, nextToken }));
    for (const { name = '', pipelineType = '' } of page.pipelines ?? []) types.set(name, pipelineType);
    nextToken = page.nextToken;
  } while (nextToken);
  return types;
}

/** @returns nothing for a pipeline that is not ours, or is gone by now */
async function ownPipeline(
  connection: Connection,
  rules: readonly TemplateRule[],
  name: string,
): Promise<OwnPipeline[]> {
  const tags = await tagsOf(connection, name).catch(unlessGone);
  // The name of a Hookline is that of its bus.
  if (tags?.owner !== connection.outputs.busName) return [];
  const last = await lastRun(connection, name).catch(unlessGone);
  return last ? [shown(name, tags, rules, last)] : [];
}

async function tagsOf(
  { codepipeline, outputs }: Connection,
  name: string,
): Promise<PipelineTags | undefined> {
  const [, partition, , region, account] = outputs.stateMachineArn.split(':');
  const resourceArn = `arn:${partition}:codepipeline:${region}:${account}:${name}`;
  const { tags = [] } = await codepipeline.send(new ListTagsForResourceCommand({ resourceArn }));
  return readTags(tags);
}

type LastRun = Pick<OwnPipeline, 'status' | 'executionId' | 'lastRunAt'>;

async function lastRun({ codepipeline }: Connection, pipelineName: string): Promise<LastRun> {
  const { pipelineExecutionSummaries: [last] = [] } = await codepipeline.send(
    new ListPipelineExecutionsCommand({ pipelineName, maxResults: 1 }),
  );
  const at = last?.status === 'InProgress' ? last.startTime : (last?.lastUpdateTime ?? last?.startTime);
  return {
    status: last?.status ?? '',
    executionId: last?.pipelineExecutionId ?? '',
    lastRunAt: at?.toISOString() ?? '',
  };
}

function unlessGone(error: unknown): undefined {
  const isGone = error instanceof Error && /^(ResourceNotFound|PipelineNotFound)Exception$/.test(error.name);
  if (!isGone) throw error;
}

function shown(name: string, tags: PipelineTags, rules: readonly TemplateRule[], last: LastRun): OwnPipeline {
  const { host, repository, ref } = tags;
  const each = tags.pullRequest === '' ? 'branch' : 'pull-request';
  const rule = rules.find((one) => one.names.includes(tags.rule) && one.each === each);
  const pullRequest = tags.pullRequest === '' ? {} : { pullRequest: Number(tags.pullRequest) };
  const options = rule && { template: rule.template, limit: rule.limit, idleDays: rule.idleDays };
  return {
    ...{ name, rule: rule?.name ?? tags.rule, host, repository, ref, ...pullRequest, ...options, ...last },
    ...(rule ? goesAt(rule, last) : {}),
  };
}

function goesAt({ idleDays }: TemplateRule, { status, lastRunAt }: LastRun): Pick<OwnPipeline, 'goesAt'> {
  if (idleDays === 'never' || lastRunAt === '' || status === 'InProgress') return {};
  return { goesAt: new Date(Date.parse(lastRunAt) + idleDays * DAY_MS).toISOString() };
}
