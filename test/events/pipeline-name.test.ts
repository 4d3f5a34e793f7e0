import { describe, expect, it } from 'vitest';
import { pipelineNameFor } from '../../events/pipeline-name.ts';

const delivery = { host: 'github.com', repository: { fullName: 'acme/site' }, ref: 'refs/heads/main' };

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
    ['{name}', delivery, "the pipeline site does not begin with the rule's prefix b-"],
    // What a ref holds is no pattern of a replacement, and no placeholder.
    ['b-{branch}', { ...delivery, ref: 'refs/heads/$&' }, 'is "b-$&"'],
  ])('%s is refused where it comes to no name', (name, of, problem) => {
    expect(pipelineNameFor({ name, prefix: 'b-' }, { delivery: of, values })).toEqual({
      problem: expect.stringContaining(problem),
    });
  });
});

describe('the pipeline of a branch', () => {
  const of = (ref: string, more: object = {}, each: 'branch' | 'pull-request' = 'branch') =>
    pipelineNameFor(
      { name: 'acme-app', prefix: 'acme-app-', each },
      { delivery: { ...delivery, ref, ...more }, values },
    );
  const nameOf = (...given: Parameters<typeof of>): string => {
    const made = of(...given);
    return 'name' in made ? made.name : made.problem;
  };

  it('has the name of its template, of the branch, and a hash', () => {
    expect(nameOf('refs/heads/feature/Login')).toMatch(/^acme-app-feature-login-[0-9a-f]{6}$/);
    expect(nameOf('refs/heads/日本')).toMatch(/^acme-app-[0-9a-f]{6}$/);
  });

  it('is another for names that are alike, and for another repository', () => {
    const names = ['feature/login', 'feature-login', 'feature/Login'].map((name) =>
      nameOf(`refs/heads/${name}`),
    );
    const other = nameOf('refs/heads/feature/login', { repository: { fullName: 'acme/other' } });
    expect(new Set([...names, other]).size).toBe(4);
  });

  it('fits into CodePipeline’s 100 characters, whatever the branch', () => {
    const long = nameOf(`refs/heads/${'feature/ü'.repeat(40)}`);
    expect(long).toMatch(/^[A-Za-z0-9.@_-]{90,100}$/);
    expect(long).toMatch(/[a-z]-[0-9a-f]{6}$/);
  });

  it('is of the pull request where each of those has one, and of nothing else', () => {
    const pullRequest = { number: 12 };
    expect(nameOf('refs/heads/x', { pullRequest }, 'pull-request')).toMatch(/^acme-app-pr-12-[0-9a-f]{6}$/);
    expect(nameOf('refs/heads/x', {}, 'pull-request')).toContain('one for each pull-request');
    expect(nameOf('refs/tags/v1')).toContain('one for each branch, which refs/tags/v1 is not');
  });
});
