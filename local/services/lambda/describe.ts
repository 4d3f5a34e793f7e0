import * as z from 'zod';
import type { LambdaFunction } from './function.ts';
import { find, type Registry } from './names.ts';

const MAX_PAGE = 50;

const named = z.object({ FunctionName: z.string(), Qualifier: z.string().optional() });

const listInput = z.object({
  Marker: z.string().optional(),
  MaxItems: z.coerce.number().int().min(1).max(10_000).default(MAX_PAGE),
});

export function listFunctions(registry: Registry, input: unknown): object {
  const { Marker = '', MaxItems } = listInput.parse(input);
  const names = [...registry.functions.keys()].sort().filter((name) => name > Marker);
  const page = names.slice(0, Math.min(MaxItems, MAX_PAGE));
  const Functions = page.flatMap((name) => registry.functions.get(name) ?? []).map(configuration);
  return { Functions, NextMarker: page.length < names.length ? page.at(-1) : null };
}

export function getFunction(registry: Registry, input: unknown): object {
  const { FunctionName, Qualifier } = named.parse(input);
  const fn = find(registry, FunctionName, Qualifier);
  return {
    Configuration: configuration(fn),
    Code: { RepositoryType: 'S3', Location: `file://${fn.root}` },
    Tags: {},
  };
}

export function getFunctionConfiguration(registry: Registry, input: unknown): object {
  const { FunctionName, Qualifier } = named.parse(input);
  return configuration(find(registry, FunctionName, Qualifier));
}

function configuration(fn: LambdaFunction): object {
  return {
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    Runtime: fn.runtime,
    Role: fn.role,
    Handler: fn.handler,
    Description: fn.description,
    Timeout: fn.timeoutSeconds,
    MemorySize: fn.memoryMegabytes,
    LastModified: fn.lastModified.replace('Z', '+0000'),
    Version: '$LATEST',
    PackageType: 'Zip',
    Environment: { Variables: fn.variables },
    LoggingConfig: { LogFormat: fn.logFormat, LogGroup: fn.logGroup },
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}
