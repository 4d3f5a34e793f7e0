import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Pipe } from './pipe.ts';

/** @throws NotFoundException */
export function describePipe(pipes: ReadonlyMap<string, Pipe>, started: number, input: unknown) {
  const { Name } = z.object({ Name: z.string() }).parse(input);
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

// Query parameters are camel case on the wire, and text.
const listInput = z.object({
  namePrefix: z.string().default(''),
  currentState: z.string().optional(),
  sourcePrefix: z.string().default(''),
  targetPrefix: z.string().default(''),
});

export function listPipes(pipes: ReadonlyMap<string, Pipe>, started: number, input: unknown) {
  const { namePrefix, currentState, sourcePrefix, targetPrefix } = listInput.parse(input);
  const found = [...pipes.values()].filter(
    ({ name, source, target, desiredState }) =>
      name.startsWith(namePrefix) &&
      source.startsWith(sourcePrefix) &&
      target.startsWith(targetPrefix) &&
      (currentState ?? desiredState) === desiredState,
  );
  return { Pipes: found.map((pipe) => summary(pipe, started)) };
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
