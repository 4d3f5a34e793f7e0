import * as z from 'zod';
import { operation } from '../../core/gate.ts';
import type { LambdaFunction } from './function.ts';
import { findFunction, type Registry } from './names.ts';

const MAX_PAGE = 50;

const named = z.strictObject({ FunctionName: z.string(), Qualifier: z.string().optional() });

const listInput = z.strictObject({
  Marker: z.string().optional(),
  MaxItems: z.coerce.number().int().min(1).max(10_000).default(MAX_PAGE),
});

/** ListFunctions */
export const listFunctions = (registry: Registry) =>
  operation(listInput, (request) => list(registry, request));

function list(registry: Registry, { Marker = '', MaxItems }: z.output<typeof listInput>): object {
  const names = [...registry.functions.keys()].sort().filter((name) => name > Marker);
  const page = names.slice(0, Math.min(MaxItems, MAX_PAGE));
  const Functions = page.flatMap((name) => registry.functions.get(name) ?? []).map(configuration);
  return { Functions, NextMarker: page.length < names.length ? page.at(-1) : null };
}

/** GetFunction */
export const getFunction = (registry: Registry) =>
  operation(named, ({ FunctionName, Qualifier }) => {
    const fn = findFunction(registry, FunctionName, Qualifier);
    const Code = { RepositoryType: 'S3', Location: `file://${fn.root}` };
    return { Configuration: configuration(fn), Code, Tags: {} };
  });

/** GetFunctionConfiguration */
export const getFunctionConfiguration = (registry: Registry) =>
  operation(named, ({ FunctionName, Qualifier }) =>
    configuration(findFunction(registry, FunctionName, Qualifier)),
  );

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
