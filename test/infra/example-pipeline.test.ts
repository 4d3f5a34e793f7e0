import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policySizeProblems } from '../support/aws/policy-sizes.ts';
import { templateSchema } from '../support/aws/template.ts';
import { type Synthesized, synthesized } from '../support/infra/synthesized.ts';
import { policySchema, propertiesOf } from '../support/template.ts';

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

describe('the source of the example pipeline', () => {
  const ruleOf = (match: string, options: string) =>
    `description: one\nmatch: { payload: { repository: { full_name: ${match} } } }\n${options}\n`;
  /** The objects that the role may read in Hookline's own bucket, by their keys. */
  const readBy = ({ of }: Synthesized): string[] => {
    const [[bucket] = ['']] = of('AWS::S3::Bucket').filter(([id]) => id.startsWith('Storage'));
    const policies = [...of('AWS::IAM::Policy'), ...of('AWS::IAM::ManagedPolicy')].map(([, { Properties }]) =>
      policySchema.parse(Properties),
    );
    return policies
      .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith('ExampleSourceRole')))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => Action.includes('s3:GetObject*'))
      .flatMap(({ Resource }) => [Resource].flat())
      .map((resource) => JSON.stringify(resource))
      .filter((resource) => resource.includes(`{"Ref":"${bucket}"}`))
      .flatMap((resource) => /"\/([^"]+)"/.exec(resource)?.[1] ?? []);
  };
  const NONE = 'hookline-example/none.zip';

  it('reads the repositories of the rules that start it, copy it or end by it, and of no other', async () => {
    const rules = {
      starts: ruleOf('[acme/app]', 'pipeline: hookline-example'),
      below: ruleOf('[{ prefix: below/ }]', 'pipeline: { name: "hookline-{name}", prefix: hookline- }'),
      copies: ruleOf('[acme/copied]', 'pipeline: { template: hookline-example, each: branch }'),
      ends: ruleOf('[acme/ended]', 'on-delete: { pipeline: hookline-example }'),
      other: ruleOf('[acme/secret]', 'pipeline: another'),
      none: ruleOf('[acme/kept]', ''),
    };
    expect(readBy(await synthesized({ examplePipeline: true }, rules)).sort()).toEqual([
      'commits/*/acme/app/*',
      'commits/*/acme/copied/*',
      'commits/*/acme/ended/*',
      'commits/*/below/*/*',
      NONE,
    ]);
  });

  it('reads no artifact where no rule means it', async () => {
    const rules = { other: ruleOf('[acme/secret]', 'pipeline: another') };
    expect(readBy(await synthesized({ examplePipeline: true }, rules))).toEqual([NONE]);
  });

  const manyRules = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count / 10 }, (_, rule) => [
        `rule-${rule}`,
        ruleOf(
          JSON.stringify(
            Array.from({ length: 10 }, (_, at) => `${'o'.repeat(39)}/${rule}-${at}-`.padEnd(140, 'n')),
          ),
          'pipeline: hookline-example',
        ),
      ]),
    );

  it('reads as many repositories as IAM’s policies hold, with the longest names', async () => {
    const made = await synthesized({ examplePipeline: true }, manyRules(30));
    expect(new Set(readBy(made)).size).toBe(31);
    const text = await readFile(join(made.assembly, `${made.stack}.template.json`), 'utf8');
    expect(policySizeProblems(templateSchema.parse(JSON.parse(text)))).toEqual([]);
  });

  it('reads no more than that: the synthesis says what to change', async () => {
    await expect(synthesized({ examplePipeline: true }, manyRules(40))).rejects.toThrow(
      /^the rules that mean the example pipeline name 40 repositories, .*hold 30: name them by a prefix .*\(rule-0, rule-1, /,
    );
  });
});

it('a deployment without a rule is refused, where each rule is for hookline up alone', async () => {
  await expect(synthesized({}, { one: `${RULE}deploy: false\n` })).rejects.toThrow(
    /^every rule of \S+ says deploy: false, for hookline up alone: add one to deploy$/,
  );
});
