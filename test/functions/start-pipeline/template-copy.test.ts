import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { beforeEach, describe, expect, it } from 'vitest';
import { namedPipeline, sourceOf } from '../../../functions/shared/codepipeline.ts';
import { variablesOf } from '../../../functions/shared/pipeline-variables.ts';
import { copyOf, hashOf } from '../../../functions/start-pipeline/template-copy.ts';
import { answeredCalls } from '../../support/functions/answer-calls.ts';
import { templatePipeline } from '../../support/functions/branch-template.ts';
import { pulledState } from '../../support/functions/steps.ts';

const answers = answeredCalls();
beforeEach(() => {
  process.env.ARTIFACT_BUCKET = 'artifacts';
});
const template = templatePipeline('app');
const [source, build] = template.stages ?? [];
const [action] = source?.actions ?? [];
const thrownBy = (call: () => unknown): string => {
  try {
    return `no failure: ${JSON.stringify(call())}`;
  } catch (error) {
    return String(error);
  }
};
const copy = (of: object = {}, variables: { name: string; value: string }[] = []) =>
  copyOf({ ...template, ...of }, { pipeline: 'app-topic', key: 'commits/a.zip', variables });

describe('the copy of a template', () => {
  it('has the commit’s object as its source, and no version', () => {
    const pinned = { ...action, configuration: { ...action?.configuration, S3ObjectKey: 'commits/a.zip' } };
    const { version: _, ...expected } = { ...template, version: 3 };
    expect(copy({ version: 3 })).toEqual({
      ...expected,
      name: 'app-topic',
      stages: [{ ...source, actions: [pinned] }, build],
    });
  });

  it('has the other actions of the template as they are, also of the same name in another stage', () => {
    const other = { name: 'Other', actionTypeId: { category: 'Source', provider: 'CodeCommit' } };
    const later = {
      name: 'Later',
      actions: [{ ...action, actionTypeId: build?.actions?.[0]?.actionTypeId }],
    };
    const { stages } = copy({ stages: [{ ...source, actions: [other, action] }, later, {}] });
    const [beside, pinned] = stages?.[0]?.actions ?? [];
    expect(beside).toEqual(other);
    expect(pinned).toMatchObject({ configuration: { S3ObjectKey: 'commits/a.zip' } });
    expect(stages?.slice(1)).toEqual([later, {}]);
  });

  it('has the values of the rule, and the defaults of the template', () => {
    const variables = [
      { name: 'REF', defaultValue: 'none' },
      { name: 'STAGE', defaultValue: 'dev' },
      { name: 'ID' },
    ];
    const given = [
      { name: 'ID', value: '7' },
      { name: 'REF', value: 'topic' },
    ];
    expect(copy({ variables }, given).variables).toEqual([
      { name: 'REF', defaultValue: 'topic' },
      { name: 'STAGE', defaultValue: 'dev' },
      { name: 'ID', defaultValue: '7' },
    ]);
    expect(copy({ variables: undefined })).not.toMatchObject({ variables: expect.anything() });
  });

  it('is none where a variable has no value, or the template does not declare it', () => {
    const variables = [{ name: 'REF', defaultValue: 'none' }, { name: 'ID' }];
    expect(thrownBy(() => copy({ variables }))).toBe(
      'PipelineSource: the variable ID of the template app has no value; give it a default, or a value in the rule',
    );
    const other = [{ name: 'OTHER', value: 'x' }];
    for (const declared of [variables, undefined])
      expect(thrownBy(() => copy({ variables: declared }, other))).toBe(
        'PipelineSource: the template app has no variable OTHER; declare it there, or take it out of the rule',
      );
  });

  it('is another when the template is, whatever its name and version', () => {
    expect(hashOf(template)).toMatch(/^[0-9a-f]{12}$/);
    expect(hashOf({ ...template, name: 'x', version: 9 })).toBe(hashOf(template));
    expect(hashOf({ ...template, roleArn: 'x' })).not.toBe(hashOf(template));
  });
});

// CodePipeline may tell less of a pipeline than its types say.
const sourceIn = (told: object): string => sourceOf(told as PipelineDeclaration);

describe('the source of a pipeline', () => {
  const of = (...actions: object[]) => ({ name: 'app', stages: [{}, { actions }] });
  const configured = (more: object) => ({ ...action, configuration: { ...action?.configuration, ...more } });

  it('is the one S3 source of our bucket', () => {
    expect(sourceIn(of({}, { ...action, name: 'Mine' }, configured({ S3Bucket: 'other' })))).toBe('Mine');
  });

  it.each<[string, number, object]>([
    ['none', 0, of()],
    ['no stages', 0, { name: 'app' }],
    ['two', 2, of({ ...action }, { ...action, name: 'Second' })],
    ['one without a name', 1, of({ ...action, name: undefined })],
    ['one of another bucket', 0, of(configured({ S3Bucket: 'other' }))],
    [
      'one of another provider',
      0,
      of({ ...action, actionTypeId: { category: 'Source', provider: 'GitHub' } }),
    ],
    [
      'an S3 action that is no source',
      0,
      of({ ...action, actionTypeId: { category: 'Deploy', provider: 'S3' } }),
    ],
    ['an action of no type', 0, of({ name: 'x' })],
  ])('is not known of a pipeline with %s', (_, count, declaration) => {
    expect(thrownBy(() => sourceIn(declaration))).toBe(
      `PipelineSource: pipeline app has ${count} S3 sources of bucket artifacts; give it exactly one`,
    );
  });

  it('is none of a pipeline of type V1, to whose start CodePipeline lets nobody name an object', () => {
    const declaration = of({ ...action });
    expect(thrownBy(() => sourceIn({ ...declaration, pipelineType: 'V1' }))).toBe(
      'PipelineSource: pipeline app is of type V1, whose start may name no object; make it type V2',
    );
    expect(sourceIn({ ...declaration, pipelineType: 'V2' })).toBe('Artifact');
  });

  it('takes another object, or is refused', () => {
    for (const allowed of ['false', undefined])
      expect(thrownBy(() => sourceIn(of(configured({ AllowOverrideForS3ObjectKey: allowed }))))).toBe(
        'PipelineSource: source Artifact of pipeline app takes no other object; set AllowOverrideForS3ObjectKey to true',
      );
    expect(thrownBy(() => sourceIn({ stages: [] }))).toContain('pipeline  has 0 S3 sources');
  });

  it('is looked for in a pipeline that is there', async () => {
    answers.GetPipeline = () => ({});
    await expect(namedPipeline('app')).rejects.toThrow(
      "pipeline app does not exist; create it or change the rule's `pipeline`",
    );
    answers.GetPipeline = () => ({ pipeline: template });
    expect(await namedPipeline('app')).toEqual({ declaration: template, arn: '' });
    const broken = new Error('no answer');
    answers.GetPipeline = () => Promise.reject(broken);
    await expect(namedPipeline('app')).rejects.toBe(broken);
  });
});

describe('the variables of a start', () => {
  const state = pulledState('refs/heads/topic', {
    ...{ commit: 'a'.repeat(40), key: 'k', versionId: 'v', subject: 'S', message: 'M', author: 'A' },
    ...{ time: 'T', files: '3', changed: '["a"]' },
  });
  const template = Object.fromEntries(
    [
      'commit',
      'commit.subject',
      'commit.message',
      'commit.author',
      'commit.time',
      'commit.files',
      'commit.changed',
      'key',
      'versionId',
    ].map((name) => [name, `{${name}}`]),
  );

  it('are made of what was pulled', () => {
    const values = Object.fromEntries(variablesOf(template, state).map(({ name, value }) => [name, value]));
    expect(values).toEqual({
      ...{ commit: 'a'.repeat(40), key: 'k', versionId: 'v', 'commit.subject': 'S', 'commit.message': 'M' },
      ...{ 'commit.author': 'A', 'commit.time': 'T', 'commit.files': '3', 'commit.changed': '["a"]' },
    });
  });

  it('are left out where they are empty, on one line, and cut to a thousand letters', () => {
    const pull = { commit: 'c', key: '', versionId: '' };
    expect(variablesOf(template, { ...state, pull })).toEqual([{ name: 'commit', value: 'c' }]);
    const long = { ...state.pull, subject: `one\ntwo${'x'.repeat(2000)}` };
    const [{ value } = { value: '' }] = variablesOf({ S: '{commit.subject}' }, { ...state, pull: long });
    expect(value.length).toBeLessThanOrEqual(1000);
    expect(value).toMatch(/^one twox+/);
  });
});
