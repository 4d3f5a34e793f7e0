import { describe, expect, it } from 'vitest';
import { pipelineNameFor } from '../../events/pipeline-name.ts';

const delivery = { repository: { fullName: 'acme/site' }, ref: 'refs/heads/main' };

const values = { 'payload.pull_request.number': '7', 'payload.release.name': '' };

describe('the pipeline of a rule', () => {
  it.each([
    ['build-{name}', 'build-', 'build-site'],
    ['{owner}-{name}-{branch}', '', 'acme-site-main'],
    ['x-{name}.{name}', 'x-', 'x-site.site'],
    ['whole', undefined, 'whole'],
    ['pr-{payload.pull_request.number}', 'pr-', 'pr-7'],
    ['r-{payload.release.name|none}-{tag|main}', 'r-', 'r-none-main'],
  ])('%s is made of the delivery', (name, prefix, made) => {
    expect(pipelineNameFor({ name, prefix }, { delivery, values })).toEqual({ name: made });
  });

  it.each([
    ['b-{tag}', delivery, 'the pipeline b-{tag} has no {tag} for refs/heads/main'],
    ['b-{branch}', { ...delivery, ref: 'refs/heads/a/b' }, 'is "b-a/b", and CodePipeline takes 1 to 100'],
    ['b-{branch}', { ...delivery, ref: 'refs/heads/ü' }, 'is "b-ü", and CodePipeline takes 1 to 100'],
    ['b-{name}', { ...delivery, repository: { fullName: `acme/${'x'.repeat(100)}` } }, 'takes 1 to 100'],
    ['b-{payload.release.name}', delivery, 'has no {payload.release.name} for refs/heads/main'],
    // What a ref holds is no pattern of a replacement, and no placeholder.
    ['b-{branch}', { ...delivery, ref: 'refs/heads/$&' }, 'is "b-$&"'],
  ])('%s is refused where it comes to no name', (name, of, problem) => {
    expect(pipelineNameFor({ name, prefix: 'b-' }, { delivery: of, values })).toEqual({
      problem: expect.stringContaining(problem),
    });
  });
});
