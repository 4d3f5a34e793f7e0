import { beforeEach, describe, expect, it } from 'vitest';
import { decideRoute } from '../../../events/route.ts';
import type { NamedRule } from '../../../events/rule.ts';
import { parseRule } from '../../../events/rule-file.ts';
import { bundledRule } from '../../../events/rule-input.ts';
import { ruleNamed } from '../../../functions/shared/rules.ts';

const rule = (name: string, yaml = ''): NamedRule =>
  parseRule(
    `description: a rule\nmatch: { event: [push, create, { prefix: check } ] }\n${yaml}`,
    `${name}.yaml`,
  );

/** As the functions are bundled: what stands for the identifier went through JSON. */
const deploy = (...rules: NamedRule[]): void => {
  Object.assign(globalThis, { HOOKLINE_RULES: JSON.parse(JSON.stringify(rules.map(bundledRule))) });
};

beforeEach(() => deploy(rule('default'), rule('app', 'pipeline: acme-app\nstatus: true')));

describe('a rule by its name', () => {
  it('has the options of its file, and the events that it asks for', () => {
    expect(ruleNamed('app')).toEqual({
      name: 'app',
      pull: { submodules: false, lfs: false, git: false, compute: 'lambda' },
      pipeline: { name: 'acme-app', variables: {} },
      status: true,
      superseded: 'stop',
      asksFor: ['push', 'create'],
    });
  });

  it.each(['gone', '', 'constructor'])('that is not deployed is Misconfigured: %j', (name) => {
    expect(() => ruleNamed(name)).toThrow(
      expect.objectContaining({
        name: 'Misconfigured',
        message: `rule ${JSON.stringify(name)} is not deployed (deployed: default, app); to run what it took before it was removed, add its file to events/rules, deploy and redrive, or replay the delivery through another rule`,
      }),
    );
  });
});

describe('where a rule sends a delivery', () => {
  const delivery = { provider: 'github', host: 'github.com', id: '1' } as const;
  const main = 'refs/heads/main';

  it.each([
    [{ event: 'ping' }, 'ping'],
    [{ event: 'push', ref: main }, 'pull'],
    [{ event: 'push', ref: 'refs/tags/v1' }, 'pull'],
    [{ event: 'push', ref: main, deleted: true }, 'retire'],
    [{ event: 'push', ref: 'refs/pull/1/head' }, 'ignored'],
    [{ event: 'push' }, 'ignored'],
    [{ event: 'create', ref: main, created: true }, 'pull'],
    [{ event: 'delete', ref: main, deleted: true }, 'ignored'],
    [{ event: 'pull_request', ref: main }, 'ignored'],
    [{ event: 'check_run', ref: main }, 'ignored'],
    [{ event: 'watch' }, 'ignored'],
  ])('%j: %s', (members, route) => {
    const decided = decideRoute(ruleNamed('default'), { ...delivery, ...members }, undefined);
    expect(decided.route).toBe(route);
  });

  it('a deletion is not held up by path filters', () => {
    deploy(rule('docs', 'paths: [docs/**]'));
    const push = { ...delivery, event: 'push', ref: main };
    const routeOf = (pushed: typeof push & { deleted?: boolean }) =>
      decideRoute(ruleNamed('docs'), pushed, ['src/a.ts']).route;
    expect(routeOf(push)).toBe('ignored');
    expect(routeOf({ ...push, deleted: true })).toBe('retire');
  });
});
