import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as codePipeline from '@aws-sdk/client-codepipeline';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as eventBridge from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sfn from '@aws-sdk/client-sfn';
import * as ssm from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { codeBuildErrors, lambdaErrors, sdkErrors } from '../../statemachine/service-errors.ts';
import { definition } from '../support/definition.ts';

// The clients that functions/ uses.
const clients = { logs, codePipeline, dynamodb, eventBridge, lambda, s3, secretsManager, sfn, ssm };

interface ServiceError {
  readonly name: string;
  readonly $fault?: string;
}

/** One error of each class that a client throws. */
function errorsOf(client: object): ServiceError[] {
  return Object.values(client)
    .filter((value) => typeof value === 'function' && value.prototype instanceof Error)
    .map((Thrown) => Reflect.construct(Thrown, [{ message: '', $metadata: {} }]));
}

/**
 * What Lambda calls a fault of its own and is one of the function's set-up: a role, a key, a subnet or a package has to be
 * changed first.
 */
const OF_SET_UP =
  /^(EC2AccessDenied|KMS|InvalidRuntime|InvalidSecurityGroupID|InvalidSubnetID|InvalidZipFile)/;

/**
 * The service's own fault, its wish to be called less often, or somebody else's change at the moment. KMS has no part: no machine
 * has a key of its own.
 */
const mayPass = ({ name, $fault }: ServiceError) =>
  ($fault === 'server' && !OF_SET_UP.test(name)) ||
  /^(Throttl|ProvisionedThroughput|RequestLimit|ConcurrentModification)/.test(name);

describe("the errors of AWS's SDK that may pass", () => {
  const passing = Object.entries(clients).flatMap(([client, exported]) =>
    errorsOf(exported)
      .filter(mayPass)
      .map(({ name }) => [client, name] as const),
  );

  it('are found in its clients', () => {
    expect(passing).toContainEqual(['dynamodb', 'ProvisionedThroughputExceededException']);
    expect(passing).toContainEqual(['secretsManager', 'InternalServiceError']);
  });

  it('have a place in Step Functions too, where they are of Lambda', () => {
    const ofLambda = errorsOf(lambda).filter(
      ({ $fault, name }) => $fault === 'server' && !OF_SET_UP.test(name),
    );
    // Lambda says so of a function whose network is made ready, which it calls the caller's fault.
    const names = [...ofLambda.map(({ name }) => name), 'ResourceConflictException'];
    expect(sdkErrors).toEqual(expect.arrayContaining(names));
    expect(lambdaErrors).toEqual(expect.arrayContaining(names.map((name) => `Lambda.${name}`)));
  });

  it.each(passing)('are known of %s: %s', (_, name) => {
    expect(sdkErrors).toContain(name);
  });
});

const machineSchema = z.object({
  States: z.record(
    z.string(),
    z.looseObject({
      Resource: z.string().default(''),
      Retry: z.array(z.looseObject({ ErrorEquals: z.array(z.string()) })).default([]),
    }),
  ),
});
const states = Object.entries(machineSchema.parse(definition).States);
const calling = (service: RegExp) => states.filter(([, { Resource }]) => service.test(Resource));

describe.each([
  ['a function', calling(/:lambda:/), [...lambdaErrors, ...sdkErrors]],
  ['a build', calling(/:codebuild:/), codeBuildErrors],
] as const)('every state that calls %s', (_, callers, errors) => {
  it('is there', () => {
    expect(callers.length).toBeGreaterThan(1);
  });

  it.each(callers)('calls again after each error of AWS that may pass: %s', (_name, { Retry }) => {
    expect(Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(expect.arrayContaining([...errors]));
  });
});
