import { describe, expect, it } from 'vitest';
import { NO_VALUE, references, resolve, type Scope } from '../../../local/assembly/intrinsics.ts';

const scope: Scope = {
  ref: (name) => ({ Bucket: 'my-bucket', 'AWS::Region': 'us-east-1', 'AWS::NoValue': NO_VALUE })[name],
  attribute: (logicalId, name) => (logicalId === 'Bucket' && name === 'Arn' ? 'arn:bucket' : undefined),
  condition: (name) => name === 'Yes',
  mapping: (map, first, second) => (`${map}/${first}/${second}` === 'M/a/b' ? 'mapped' : undefined),
};

const cases: [string, unknown, unknown][] = [
  ['Ref', { Ref: 'Bucket' }, 'my-bucket'],
  ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:bucket'],
  ['Fn::GetAtt as a path', { 'Fn::GetAtt': 'Bucket.Arn' }, 'arn:bucket'],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Bucket' }]] }, 'a-my-bucket'],
  ['Fn::Sub', { 'Fn::Sub': '${Bucket} ${Bucket.Arn} ${!Kept}' }, 'my-bucket arn:bucket ${Kept}'],
  [
    'Fn::Sub with values',
    { 'Fn::Sub': ['${x}/${Bucket}', { x: { Ref: 'AWS::Region' } }] },
    'us-east-1/my-bucket',
  ],
  ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': ['-', { Ref: 'Bucket' }] }] }, 'bucket'],
  ['Fn::If', { 'Fn::If': ['Yes', 'taken', { Ref: 'Unknown' }] }, 'taken'],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['M', 'a', 'b'] }, 'mapped'],
  [
    'Fn::Equals, Fn::Not, Fn::And, Fn::Or',
    { 'Fn::And': [{ 'Fn::Equals': ['a', 'a'] }, { 'Fn::Not': [{ 'Fn::Or': [false] }] }] },
    true,
  ],
  ['Fn::Base64', { 'Fn::Base64': 'text' }, 'dGV4dA=='],
  ['a property without a value', { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
  [
    "an IAM statement's Condition",
    { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  ],
];

describe('resolve', () => {
  for (const [title, value, expected] of cases)
    it(`resolves ${title}`, () => expect(resolve(value, scope)).toEqual(expected));

  it('refuses a function it does not know, naming it', () => {
    expect(() => resolve({ 'Fn::Transform': {} }, scope)).toThrow('Fn::Transform');
  });

  it('refuses a name that is not in the template, naming it', () => {
    expect(() => resolve({ Ref: 'Nothing' }, scope)).toThrow('Ref Nothing names nothing in the template');
    expect(() => resolve({ 'Fn::GetAtt': ['Bucket', 'Color'] }, scope)).toThrow('Bucket.Color');
  });
});

it('finds what a value refers to', () => {
  const value = [
    { Ref: 'A' },
    { x: { 'Fn::GetAtt': ['B', 'Arn'] } },
    { 'Fn::Sub': ['${C.Arn}${d}', { d: { Ref: 'E' } }] },
  ];
  expect(references(value)).toEqual(['A', 'B', 'C', 'd', 'E']);
});
