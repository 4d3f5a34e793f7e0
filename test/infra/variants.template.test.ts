import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { synthesized, templateOf } from '../support/variants/synthesized.ts';
import { GITHUB } from '../support/variants/variants.ts';

// Quotas of CloudFormation for a template in S3.
const MAX_RESOURCES = 500;
const MAX_BYTES = 1_048_576;

describe.each(synthesized)('$name', ({ directory, exitCode, printed, template }) => {
  it('is synthesized, and neither the app nor cdk-nag has anything to say', () => {
    expect({ exitCode, printed }).toEqual({ exitCode: 0, printed: '' });
  });

  it('has no construct with a warning, which the CDK’s command would print', () => {
    for (const file of ['manifest.json', 'Hookline.metadata.json'])
      if (existsSync(join(directory, file)))
        expect(readFileSync(join(directory, file), 'utf8').match(/aws:cdk:(warning|error)/g)).toBeNull();
  });

  it('fits in what CloudFormation takes', () => {
    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(MAX_RESOURCES);
    expect(readFileSync(join(directory, 'Hookline.template.json')).length).toBeLessThan(MAX_BYTES);
  });
});

describe('a setting', () => {
  const { Resources } = templateOf('every setting');
  const propertiesOf = (type: string) =>
    Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));

  it('keeps every address out but those that are let in', () => {
    expect(propertiesOf('AWS::ApiGateway::RestApi')).toMatchObject([
      {
        Policy: {
          Statement: [
            { Effect: 'Allow' },
            { Effect: 'Deny', Condition: { NotIpAddress: { 'aws:SourceIp': GITHUB } } },
          ],
        },
      },
    ]);
  });

  it('sets executions of Validate aside from the account’s', () => {
    const bounds = propertiesOf('AWS::Lambda::Function').map(
      ({ ReservedConcurrentExecutions }) => ReservedConcurrentExecutions,
    );
    expect(bounds.filter((bound) => bound !== undefined)).toEqual([50]);
  });
});
