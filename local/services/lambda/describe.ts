import * as z from 'zod';
import { operation } from '../../core/gate.ts';
import { pageOf, pageToken } from '../../core/paging.ts';
import type { LambdaFunction } from './function.ts';
import { findFunction, type Registry } from './names.ts';

const MAX_PAGE = 50;

const named = z.strictObject({ FunctionName: z.string(), Qualifier: z.string().optional() });

const listInput = z.strictObject({
  Marker: pageToken(z.string(), 'InvalidParameterValueException').optional(),
  MaxItems: z.coerce.number().int().min(1).max(10_000).default(MAX_PAGE),
});

/** ListFunctions */
export const listFunctions = (registry: Registry) =>
  operation(listInput, (request) => list(registry, request));

function list({ functions }: Registry, { Marker, MaxItems }: z.output<typeof listInput>): object {
  const limit = Math.min(MaxItems, MAX_PAGE);
  const { items, next } = pageOf(functions.values(), ({ name }) => name, { limit, after: Marker });
  return { Functions: items.map(configuration), NextMarker: next ?? null };
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
