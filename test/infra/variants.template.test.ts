import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { templateBytes } from '../../events/deployment-limits.ts';
import { parseRule } from '../../events/rule-file.ts';
import { DELIVERY_LOG_RULE_NAME } from '../../infra/names.ts';
import { physicalNames } from '../support/infra/physical-names.ts';
import { synthesized, templateOf } from '../support/variants/synthesized.ts';
import { GITHUB, VARIANTS } from '../support/variants/variants.ts';

// Quotas of CloudFormation for a template in S3.
const MAX_RESOURCES = 500;
const MAX_BYTES = 1_048_576;

describe.each(synthesized)('$name', ({ directory, exitCode, printed, template, stack }) => {
  it('is synthesized, and neither the app nor cdk-nag has anything to say', () => {
    expect({ exitCode, printed }).toEqual({ exitCode: 0, printed: '' });
  });

  it('has no construct with a warning, which the CDK’s command would print', () => {
    for (const file of ['manifest.json', `${stack}.metadata.json`])
      if (existsSync(join(directory, file)))
        expect(readFileSync(join(directory, file), 'utf8').match(/aws:cdk:(warning|error)/g)).toBeNull();
  });

  it('fits in what CloudFormation takes', () => {
    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(MAX_RESOURCES);
    expect(readFileSync(join(directory, `${stack}.template.json`)).length).toBeLessThan(MAX_BYTES);
  });
});

it('the length of a template is told from the rules, before it is synthesized, and never too short', () => {
  for (const { name, directory, stack } of synthesized) {
    const { rules } = VARIANTS[name] ?? {};
    if (typeof rules !== 'object') continue;
    const read = Object.entries(rules).map(([rule, text]) => parseRule(JSON.stringify(text), `${rule}.yaml`));
    const { length } = readFileSync(join(directory, `${stack}.template.json`));
    expect({ name, short: templateBytes(read) < length }).toEqual({ name, short: false });
    expect({ name, long: templateBytes(read) > 1.5 * length + 50_000 }).toEqual({ name, long: false });
  }
});

describe('two Hooklines in one account', () => {
  it('have no name of a resource in common', () => {
    const namesIn = (variant: string) => physicalNames(templateOf(variant).Resources);
    const [first, second] = [namesIn('default'), namesIn('a second Hookline in the account')];
    expect(first.length).toBeGreaterThan(10);
    // A rule's name is its bus's own.
    const own = `AWS::Events::Rule ${DELIVERY_LOG_RULE_NAME}`;
    expect(second.filter((name) => first.includes(name))).toEqual([own]);
  });
});

it('a first deploy has no pipeline that nobody has pushed to, and no rule of this machine alone', () => {
  const { Resources } = templateOf('default');
  const types = Object.values(Resources).map(({ Type }) => Type);
  expect(types).not.toContain('AWS::CodePipeline::Pipeline');
  expect(physicalNames(Resources).filter((name) => name.startsWith('AWS::Events::Rule'))).toEqual([
    `AWS::Events::Rule ${DELIVERY_LOG_RULE_NAME}`,
    'AWS::Events::Rule hookline-default',
  ]);
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
