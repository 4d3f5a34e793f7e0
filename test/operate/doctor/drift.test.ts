import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../../operate/doctor/drift.ts';

const resources = (Resources: object) => ({ Resources });
// As JSON.parse makes them.
const plain = { noNullPrototype: true };

describe('the differences of two templates', () => {
  it('names what is only here, only deployed and different, by logical id', () => {
    const deployed = {
      ...resources({ A: { Type: 'a' }, B: { Type: 'b' }, C: { Type: 'c' } }),
      Outputs: { O: { Value: 1 } },
    };
    const here = {
      ...resources({ B: { Type: 'b', Properties: { x: 1 } }, C: { Type: 'c' }, D: { Type: 'd' } }),
      Outputs: {},
    };
    expect(differences(deployed, here)).toEqual(['- A', '~ B', '+ D', '- O']);
  });

  it('finds none between a template and itself with its members in another order', () => {
    const template = fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.jsonValue(), plain), plain);
    const turned = (value: object): object => Object.fromEntries(Object.entries(value).reverse());
    fc.assert(
      fc.property(template, (all) => {
        const other = turned(Object.fromEntries(Object.entries(all).map(([id, each]) => [id, turned(each)])));
        expect(differences(resources(all), resources(other))).toEqual([]);
      }),
    );
  });
});
