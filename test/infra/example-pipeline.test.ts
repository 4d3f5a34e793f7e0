import { describe, expect, it } from 'vitest';
import { synthesized } from '../support/infra/synthesized.ts';
import { propertiesOf } from '../support/template.ts';

const RULE = 'description: one\nmatch: { event: [push] }\n';

describe('the example pipeline', () => {
  it('is there on this machine, with the rule that starts it', () => {
    expect(propertiesOf('AWS::CodePipeline::Pipeline').map(({ Name }) => Name)).toEqual(['hookline-example']);
    expect(propertiesOf('AWS::Events::Rule').map(({ Name }) => Name)).toContain('hookline-demo');
  });

  it('is started by no rule of a deployment that does not have it', async () => {
    await expect(synthesized({}, { one: `${RULE}pipeline: hookline-example\n` })).rejects.toThrow(
      /^the stack has no example pipeline hookline-example, which the rule one starts: .*"examplePipeline": true in cdk\.json$/,
    );
  });
});

it('a deployment without a rule is refused, where each rule is for hookline up alone', async () => {
  await expect(synthesized({}, { one: `${RULE}deploy: false\n` })).rejects.toThrow(
    /^every rule of \S+ says deploy: false, for hookline up alone: add one to deploy$/,
  );
});
