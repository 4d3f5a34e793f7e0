import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { nameToken, pageOf } from '../../core/paging.ts';
import type { Pipe } from './pipe.ts';

const MAX_PAGE = 100;

export const describeInput = z.strictObject({ Name: z.string() });

/**
 * @param started when the service began, in milliseconds since 1970: a pipe is made again at every start
 * @throws NotFoundException
 */
export function describePipe(
  pipes: ReadonlyMap<string, Pipe>,
  started: number,
  { Name }: z.infer<typeof describeInput>,
) {
  const pipe = pipes.get(Name);
  if (!pipe) throw new AwsError('NotFoundException', `Pipe ${Name} does not exist.`, 404);
  const { SourceParameters, TargetParameters, EnrichmentParameters } = pipe.given;
  return {
    ...summary(pipe, started),
    RoleArn: pipe.roleArn,
    Description: pipe.description,
    SourceParameters,
    EnrichmentParameters,
    TargetParameters,
  };
}

// The query of an address is text.
export const listInput = z.strictObject({
  NamePrefix: z.string().default(''),
  CurrentState: z.string().optional(),
  DesiredState: z.string().optional(),
  SourcePrefix: z.string().default(''),
  TargetPrefix: z.string().default(''),
  Limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
  NextToken: nameToken.optional(),
});

export function listPipes(
  pipes: ReadonlyMap<string, Pipe>,
  started: number,
  input: z.infer<typeof listInput>,
) {
  const wanted = [...pipes.values()].filter(
    ({ name, source, target, desiredState }) =>
      name.startsWith(input.NamePrefix) &&
      source.startsWith(input.SourcePrefix) &&
      target.startsWith(input.TargetPrefix) &&
      (input.CurrentState ?? desiredState) === desiredState &&
      (input.DesiredState ?? desiredState) === desiredState,
  );
  const { items, next } = pageOf(wanted, ({ name }) => name, { limit: input.Limit, after: input.NextToken });
  return { Pipes: items.map((pipe) => summary(pipe, started)), NextToken: next };
}

function summary(pipe: Pipe, started: number) {
  return {
    Name: pipe.name,
    Arn: pipe.arn,
    Source: pipe.source,
    Enrichment: pipe.enrichment,
    Target: pipe.target,
    DesiredState: pipe.desiredState,
    CurrentState: pipe.desiredState,
    CreationTime: started / 1000,
    LastModifiedTime: started / 1000,
  };
}
