import * as z from 'zod';
import type { Access } from '../../core/cloud.ts';
import type { Declaration } from './declaration.ts';
import type { Tables } from './tables.ts';
import { conditions, tagConditions, tagList } from './tags.ts';

type Tags = z.output<typeof tagList>;

const namedSchema = z.looseObject({
  name: z.string().optional(),
  pipelineName: z.string().optional(),
  resourceArn: z.string().optional(),
  tags: tagList.optional(),
});

/**
 * The permission that a call of one pipeline needs. A policy's conditions see the tags that the pipeline has, and those
 * that the call gives it.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
 */
export const onPipeline =
  (tables: Tables, arnOf: (name: string) => string, action: string) =>
  (input: unknown): Access[] => {
    const { name, pipelineName, resourceArn, tags = [] } = namedSchema.parse(input);
    const resource = resourceArn ?? arnOf(name ?? pipelineName ?? '');
    const has = tagConditions(tables, resource.split(':').at(-1) ?? '');
    return [{ action, resource, conditions: { ...has, ...requested(tags) } }];
  };

/** CreatePipeline and UpdatePipeline hand CodePipeline the pipeline's role and those of its actions. */
export const onDeclaration =
  (tables: Tables, arnOf: (name: string) => string, action: string) =>
  ({ pipeline, tags }: { pipeline: Declaration; tags?: Tags }): Access[] => {
    const seen = tags ? requested(tags) : tagConditions(tables, pipeline.name);
    const tagging =
      tags && tags.length > 0
        ? [{ action: 'TagResource', resource: arnOf(pipeline.name), conditions: seen }]
        : [];
    const own = pipeline.stages.flatMap(({ actions }) => actions.flatMap(({ roleArn }) => roleArn ?? []));
    return [
      { action, resource: arnOf(pipeline.name), conditions: seen },
      ...tagging,
      ...[...new Set([pipeline.roleArn, ...own])].map((resource) => ({
        action: 'iam:PassRole',
        resource,
        passedTo: 'codepipeline.amazonaws.com',
      })),
    ];
  };

const requested = (tags: Tags): Record<string, string> =>
  conditions('aws:RequestTag', Object.fromEntries(tags.map(({ key, value }) => [key, value])));
