import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { handler } from '../../../functions/validate/index.ts';
import { type Aws, context, deployRules, rawInput, startAws } from '../../support/functions/validate-aws.ts';

const folder = dirname(createRequire(import.meta.url).resolve('@octokit/webhooks-examples/package.json'));
const hosts = readdirSync(folder).filter((name) => name.startsWith('api.') || name.startsWith('ghes-'));
const payloadSchema = z.looseObject({
  ref: z.string().optional(),
  after: z.string().optional(),
  deleted: z.boolean().optional(),
  repository: z.looseObject({ full_name: z.string() }).optional(),
});
const examplesSchema = z.array(z.looseObject({ name: z.string(), examples: z.array(payloadSchema) }));
type Payload = z.infer<typeof payloadSchema>;

const examplesOf = (host: string): { name: string; payload: Payload }[] =>
  examplesSchema
    .parse(JSON.parse(readFileSync(join(folder, host, 'index.json'), 'utf8')))
    .flatMap(({ name, examples }) => examples.map((payload) => ({ name, payload })));

const routeOf = (name: string, { deleted }: Payload): string => {
  if (name === 'ping') return 'ping';
  if (name !== 'push') return 'ignored';
  return deleted ? 'retire' : 'pull';
};

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
  deployRules({ name: 'default' });
});
afterAll(() => aws?.close());

describe.each(hosts)("every payload of %s in GitHub's documentation", (host) => {
  const examples = examplesOf(host);

  it('goes where its event goes, and none is refused', async () => {
    expect(examples.length).toBeGreaterThan(40);
    for (const { name, payload } of examples) {
      const validated = await handler(rawInput(name, JSON.stringify(payload)), context);
      expect({ name, ...validated }).toMatchObject({
        name,
        route: routeOf(name, payload),
        delivery: { event: name, ...repositoryOf(payload) },
      });
    }
  });

  it('that is about a ref names it in full', async () => {
    const counts: Record<string, number> = {};
    for (const { name, payload } of examples.filter(({ name }) => /^(push|create|delete)$/.test(name))) {
      counts[name] = (counts[name] ?? 0) + 1;
      const { delivery } = await handler(rawInput(name, JSON.stringify(payload)), context);
      expect(delivery.ref).toMatch(/^refs\/(heads|tags)\//);
      expect(delivery.ref?.endsWith(payload.ref ?? '?')).toBe(true);
      expect(delivery.commit).toBe(name === 'push' && !payload.deleted ? payload.after : undefined);
    }
    expect(Object.keys(counts).sort()).toEqual(['create', 'delete', 'push']);
  });
});

function repositoryOf({ repository }: Payload): object {
  return repository ? { repository: { fullName: repository.full_name } } : {};
}
