import { afterAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import type { Intercept, Service } from '../../../local/core/cloud.ts';
import { makeResource, operation, perform, resourceType, withoutEffect } from '../../../local/core/gate.ts';
import { servicesOf } from '../../../local/services/index.ts';
import { fakeCloud, temporaryFolder } from '../../../local/testing.ts';
import { looseObjects } from '../../support/local/loose-objects.ts';

const folder = temporaryFolder();
const cloud = fakeCloud(folder.path);
const made = servicesOf(cloud);
afterAll(async () => {
  for (const service of made) await service.stop?.();
  await cloud.close();
  folder.remove();
});

describe.each(made.map((service) => [service.name, service] as const))('the service %s', (_name, service) => {
  const doors = Object.entries({ ...service.operations, ...service.resources });

  it.each(doors)('reads %s by a schema that drops nothing', (_door, known) => {
    expect(looseObjects(known.schema)).toEqual([]);
  });
});

describe('the search for schemas that drop members', () => {
  const loose = z.object({ a: z.string() });
  it.each([
    ['', loose],
    ['', z.looseObject({})],
    ['b', z.strictObject({ b: loose })],
    ['b.0', z.strictObject({ b: z.array(loose).default([]) })],
    ['b.*', z.strictObject({ b: z.record(z.string(), loose).optional() })],
    ['b', z.strictObject({ b: z.union([z.string(), loose.transform(String)]) })],
    ['b', z.strictObject({ b: z.intersection(loose, z.strictObject({})) })],
    ['b.1', z.strictObject({ b: z.tuple([z.string(), loose.refine(Boolean)]) })],
    ['b', z.strictObject({ b: z.lazy(() => loose.nullable()) })],
  ])('finds the object at "%s"', (path, schema) => {
    expect(looseObjects(schema)).toEqual([path]);
  });

  it('finds none in a strict schema, however it refers to itself', () => {
    const tree: z.ZodType = z.strictObject({ of: z.lazy(() => z.array(tree)), ...withoutEffect('Tags') });
    expect(looseObjects(tree)).toEqual([]);
  });
});

describe('the gate', () => {
  const call = { principal: { arn: 'arn', accessKeyId: 'key' }, requestId: 'test' };
  const schema = z.strictObject({ Name: z.string(), ...withoutEffect('Tags') });
  const service: Service = {
    name: 'things',
    invalidInput: 'InvalidThing',
    operations: { MakeThing: operation(schema, ({ Name }) => ({ Name })) },
    resources: { 'AWS::Things::Thing': resourceType(schema, ({ Name }) => ({ ref: Name })) },
  };
  const resource = (properties: Record<string, unknown>) => ({
    stackName: 'S',
    logicalId: 'L',
    type: 'AWS::Things::Thing',
    properties,
    generatedName: 'S-L',
  });

  it('hands over what the schema takes', async () => {
    expect(perform(service, 'MakeThing', { Name: 'a', Tags: [] }, call)).toEqual({ Name: 'a' });
    expect(await makeResource(service, resource({ Name: 'a', Tags: [] }))).toEqual({ ref: 'a' });
  });

  it('names the members and properties that the schema does not have', () => {
    expect(() => perform(service, 'MakeThing', { Name: 'a', Size: 1, Colour: 2 }, call)).toThrow(
      expect.objectContaining({
        code: 'UnsupportedOperation',
        message: expect.stringContaining('the members Size, Colour of things:MakeThing'),
      }),
    );
    expect(() => makeResource(service, resource({ Name: 'a', Size: 1 }))).toThrow(
      'the members Size of AWS::Things::Thing',
    );
  });

  it("answers a wrong value with the service's own error code", () => {
    expect(() => perform(service, 'MakeThing', { Name: 1 }, call)).toThrow(
      expect.objectContaining({ code: 'InvalidThing', message: expect.stringContaining('Name') }),
    );
  });

  it.each(['MakeNothing', 'toString'])('names the operation %s, which the service does not have', (name) => {
    expect(() => perform(service, name, {}, call)).toThrow(`things:${name}`);
  });
});

describe('an interceptor', () => {
  const add = operation(z.strictObject({ a: z.number() }), ({ a }) => a + 1);
  const service: Service = { name: 'sums', operations: { Add: add }, resources: {} };
  const call = { principal: { arn: 'arn:aws:iam::000000000000:root', accessKeyId: 'key' }, requestId: 'one' };

  it('sees each call with its checked input, and answers in its place', () => {
    const seen: unknown[] = [];
    const intercept: Intercept = (intercepted, run) => {
      seen.push(intercepted);
      return Number(run({ a: 10 })) * 2;
    };
    expect(perform(service, 'Add', { a: 1 }, call, { intercept })).toBe(22);
    expect(seen).toEqual([{ ...call, service: 'sums', operation: 'Add', input: { a: 1 } }]);
  });

  it('never sees a call that no policy allows', () => {
    const check = () => {
      throw new Error('denied');
    };
    const intercept = vi.fn();
    expect(() => perform(service, 'Add', { a: 1 }, call, { check, intercept })).toThrow('denied');
    expect(intercept).not.toHaveBeenCalled();
  });
});
