import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DELIVERY_LOG_RULE_NAME } from '../../infra/names.ts';
import { physicalNames } from '../support/infra/physical-names.ts';
import { STAGING, STAGING_RULES } from '../support/infra/staging.ts';
import { type Synthesized, synthesized } from '../support/infra/synthesized.ts';
import { of, outputOf } from '../support/template.ts';

let staging: Synthesized;
beforeAll(async () => {
  staging = await synthesized(STAGING, STAGING_RULES);
});
afterAll(() => rm(dirname(staging.assembly), { recursive: true, force: true }));

const ownOf = (types: readonly string[]) => Object.fromEntries(types.flatMap((type) => of(type)));

describe('a Hookline of another name', () => {
  it('shares no name with the first one in the account and the Region', () => {
    const types = [...new Set(Object.values(staging.Resources).map(({ Type }) => Type))];
    const first = physicalNames(ownOf(types));
    const second = physicalNames(staging.Resources);
    expect(first.length).toBeGreaterThan(10);
    expect(second.length).toBe(first.length);
    // A rule's name is its bus's own.
    expect(second.filter((name) => first.includes(name))).toEqual([
      `AWS::Events::Rule ${DELIVERY_LOG_RULE_NAME}`,
    ]);
  });

  it('is a stack of its own, of the same logical ids and outputs', () => {
    expect(staging.stack).toBe('Hookline-staging');
    const types = ['AWS::StepFunctions::StateMachine', 'AWS::Events::EventBus', 'AWS::DynamoDB::Table'];
    for (const type of types) expect(staging.of(type).map(([id]) => id)).toEqual(of(type).map(([id]) => id));
    expect(Object.keys(staging.Outputs).filter((name) => outputOf(name) === undefined)).toEqual([]);
  });

  it('counts its own refused and throttled deliveries', () => {
    const filters = staging.of('AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties);
    expect(filters).toMatchObject(
      ['Throttled', 'Refused'].map((MetricName) => ({
        MetricTransformations: [{ MetricNamespace: 'Hookline/staging', MetricName }],
      })),
    );
  });

  it('does not start the example pipeline of the first', async () => {
    const demo = STAGING_RULES.demo.replace('staging-example', 'hookline-example');
    await expect(synthesized(STAGING, { demo })).rejects.toThrow(
      /^the example pipeline of the Hookline staging is staging-example: write pipeline: staging-example in the rule demo,/,
    );
  });
});

describe('the key of the door', () => {
  it('stands in no log and no trace', () => {
    const [[, stage] = ['', undefined]] = staging.of('AWS::ApiGateway::Stage');
    expect(stage?.Properties.TracingEnabled).toBe(false);
    const { Format } = z.object({ Format: z.string() }).parse(stage?.Properties.AccessLogSetting);
    expect(Format).not.toMatch(/path|resource/i);
    const [[, other] = ['', undefined]] = of('AWS::ApiGateway::Stage');
    expect(other?.Properties).toMatchObject({ TracingEnabled: true });
    expect(JSON.stringify(other?.Properties.AccessLogSetting)).toContain('$context.path');
  });

  it('stands in the path of the door and in the output alone', () => {
    const holding = Object.values(staging.Resources).filter((one) =>
      JSON.stringify(one).includes(STAGING.doorKey),
    );
    expect(holding.map(({ Type }) => Type)).toEqual(['AWS::ApiGateway::Resource']);
    expect(JSON.stringify(staging.Outputs.WebhookUrl)).toContain(`webhooks/${STAGING.doorKey}/github`);
  });
});

it('artifactDays ends the artifacts of commits, and no pointer', () => {
  const [[, bucket] = ['', undefined]] = staging.of('AWS::S3::Bucket');
  expect(bucket?.Properties.LifecycleConfiguration).toMatchObject({
    Rules: [
      { NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
      { Prefix: 'kept/', ExpirationInDays: 14, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
      { Prefix: 'commits/', ExpirationInDays: 30, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    ],
  });
  const [[, first] = ['', undefined]] = of('AWS::S3::Bucket');
  expect(JSON.stringify(first?.Properties).match(/"ExpirationInDays":\d+/g)).toEqual([
    '"ExpirationInDays":14',
  ]);
});

describe('what an account asks of a stack', () => {
  it('is a permissions boundary and a path on every role', () => {
    const roles = staging.of('AWS::IAM::Role').map(([, { Properties }]) => Properties);
    expect(roles.length).toBeGreaterThan(10);
    for (const role of roles) {
      expect(role.Path).toBe('/teams/delivery/');
      expect(JSON.stringify(role.PermissionsBoundary)).toContain(':policy/boundary"');
    }
  });

  it('is tags on the stack, from which CloudFormation tags what is in it', async () => {
    const manifest = z
      .object({ artifacts: z.record(z.string(), z.looseObject({ properties: z.unknown() })) })
      .parse(await (await import(`${staging.assembly}/manifest.json`, { with: { type: 'json' } })).default);
    expect(manifest.artifacts['Hookline-staging']?.properties).toMatchObject({
      tags: STAGING.tags,
    });
  });
});
