import { expect, it } from 'vitest';
import { OWNER_TAG, type PipelineTags, readTags, tagsOf } from '../../events/pipeline-tags.ts';

const tags: PipelineTags = {
  owner: 'hookline',
  rule: 'features',
  host: 'github.com',
  repository: 'acme/app',
  ref: 'refs/heads/feature/login',
  pullRequest: '',
  template: '0123456789ab',
  execution: 'arn:aws:states:us-east-1:000000000000:execution:hookline:e',
};

it.each(['refs/heads/feature/login', 'refs/heads/a#b=c(é)%🙂,"x"', 'refs/heads/日本'])(
  'keeps %s in the alphabet of a tag',
  (ref) => {
    const made = tagsOf({ ...tags, ref }) ?? [];
    for (const { value } of made) expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
    expect(readTags(made)).toEqual({ ...tags, ref });
  },
);

it('makes none of a ref that no tag holds', () => {
  expect(tagsOf({ ...tags, ref: `refs/heads/${'x'.repeat(300)}` })).toBeUndefined();
});

it('knows the tags of nobody else', () => {
  expect(readTags([{ key: 'hookline', value: 'hookline' }])).toBeUndefined();
  expect(readTags([])).toBeUndefined();
});

it('are called as those of the pipelines that an earlier release has made', () => {
  expect(tagsOf(tags)?.map(({ key }) => key)).toEqual([
    OWNER_TAG,
    'hookline:rule',
    'hookline:host',
    'hookline:repository',
    'hookline:ref',
    'hookline:pull-request',
    'hookline:template',
    'hookline:execution',
  ]);
});

it('hold values of 256 characters', () => {
  expect(tagsOf({ ...tags, ref: 'x'.repeat(256) })).toBeDefined();
  expect(tagsOf({ ...tags, ref: 'x'.repeat(257) })).toBeUndefined();
});
