import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import * as z from 'zod';
import { BESIDE, calledBy } from '../support/infra/called-by.ts';
import { type Synthesized, synthesized } from '../support/infra/synthesized.ts';

const made: Synthesized[] = [];
afterAll(() =>
  Promise.all(made.map(({ assembly }) => rm(dirname(assembly), { recursive: true, force: true }))),
);

async function templateOf(pipeline: string, others: Record<string, string> = {}): Promise<Synthesized> {
  const rule = `description: it\nmatch: { event: [push] }\npipeline: ${pipeline}\n`;
  const template = await synthesized({}, { features: rule, ...others });
  made.push(template);
  return template;
}

const policySchema = z.looseObject({
  PolicyDocument: z.looseObject({
    Statement: z.array(
      z.looseObject({
        Action: z.union([z.string().transform((action) => [action]), z.array(z.string())]),
        Resource: z.unknown(),
        Condition: z.unknown().optional(),
      }),
    ),
  }),
  Roles: z.array(z.object({ Ref: z.string() })).default([]),
});

/** The statements of the role of a function. */
function statementsOf(template: Synthesized, program: string) {
  return [...template.of('AWS::IAM::Policy'), ...template.of('AWS::IAM::ManagedPolicy')]
    .map(([, { Properties }]) => policySchema.parse(Properties))
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith(`Functions${program}Role`)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}
const conditionOf = (template: Synthesized, program: string, action: string) =>
  statementsOf(template, program)
    .filter(({ Action }) => Action.includes(action))
    .map(({ Condition, Resource }) => ({ Condition, Resource: JSON.stringify(Resource) }));

it('a rule that asks for pipelines of branches lets StartPipeline do what it calls, below the prefix and with the tag', async () => {
  const template = await templateOf('{ template: acme-app, each: branch, role: pipelines }');
  const statements = statementsOf(template, 'startpipeline');
  const granted = statements.flatMap(({ Action }) => Action).filter((action) => !BESIDE.test(action));
  expect([...new Set(granted)].sort()).toEqual([...new Set(await calledBy('start-pipeline'))].sort());
  const [create] = conditionOf(template, 'startpipeline', 'codepipeline:CreatePipeline');
  expect(create).toEqual({
    Condition: { StringEquals: { 'aws:RequestTag/hookline': 'hookline' } },
    Resource: expect.stringContaining(':acme-app-*'),
  });
  for (const action of ['UpdatePipeline', 'StartPipelineExecution'])
    expect(conditionOf(template, 'startpipeline', `codepipeline:${action}`)).toEqual([
      {
        Condition: { StringEquals: { 'aws:ResourceTag/hookline': 'hookline' } },
        Resource: expect.stringContaining(':acme-app-*'),
      },
    ]);
  expect(conditionOf(template, 'startpipeline', 'iam:PassRole')).toEqual([
    {
      Condition: { StringEquals: { 'iam:PassedToService': 'codepipeline.amazonaws.com' } },
      Resource: expect.stringContaining(':role/pipelines'),
    },
  ]);
});

it('and lets TakeDown delete those of branches, and start the teardown alone', async () => {
  const template = await templateOf(
    '{ template: acme-app, each: branch, role: pipelines, teardown: cleanup }',
  );
  const granted = statementsOf(template, 'takedown')
    .flatMap(({ Action }) => Action)
    .filter((action) => !BESIDE.test(action));
  expect([...new Set(granted)].sort()).toEqual([...new Set(await calledBy('take-down'))].sort());
  expect(conditionOf(template, 'takedown', 'codepipeline:DeletePipeline')).toEqual([
    {
      Condition: { StringEquals: { 'aws:ResourceTag/hookline': 'hookline' } },
      Resource: expect.stringContaining(':acme-app-*'),
    },
  ]);
  const [start] = conditionOf(template, 'takedown', 'codepipeline:StartPipelineExecution');
  expect(start?.Resource).toMatch(/:cleanup"/);
  expect(start?.Resource).not.toContain('acme-app');
  const looks = conditionOf(template, 'pipelineresult', 'codepipeline:ListActionExecutions');
  expect(looks.map(({ Resource }) => Resource).join(' ')).toMatch(/:cleanup"/);
});

it('and lets the sweep do as much, by the clock', async () => {
  const template = await templateOf(
    '{ template: acme-app, each: branch, role: pipelines, teardown: cleanup }',
  );
  const granted = statementsOf(template, 'sweep')
    .flatMap(({ Action }) => Action)
    .filter((action) => !BESIDE.test(action));
  expect([...new Set(granted)].sort()).toEqual([...new Set(await calledBy('sweep'))].sort());
  expect(template.of('AWS::Events::Rule').map(([, { Properties }]) => Properties)).toContainEqual(
    expect.objectContaining({ ScheduleExpression: 'rate(1 hour)' }),
  );
});

it('asks how a teardown goes, and of no other pipeline for an end; the sweep starts teardowns alone', async () => {
  const ends = 'description: it\nmatch: { event: [push] }\non-delete: { pipeline: farewell }\n';
  const template = await templateOf(
    '{ template: acme-app, each: branch, role: pipelines, teardown: cleanup }',
    { ends },
  );
  const pipelinesOf = (program: string, action: string) =>
    conditionOf(template, program, `codepipeline:${action}`)
      .flatMap(({ Resource }) => [...Resource.matchAll(/":([\w*-]+)"/g)].map(([, name]) => name))
      .sort();
  expect(pipelinesOf('takedown', 'StartPipelineExecution')).toEqual(['cleanup', 'farewell']);
  for (const program of ['takedown', 'sweep'])
    expect(pipelinesOf(program, 'GetPipelineExecution')).toEqual(['cleanup']);
  expect(pipelinesOf('sweep', 'StartPipelineExecution')).toEqual(['cleanup']);
});

it('a template of another stack needs its role', async () => {
  await expect(templateOf('{ template: acme-app, each: branch }')).rejects.toThrow(
    'the template acme-app is no pipeline of this stack: write pipeline.role',
  );
});
