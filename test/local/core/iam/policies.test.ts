import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ADMINISTRATOR } from '../../../../local/core/account-and-region.ts';
import type { Call, Principal, Service } from '../../../../local/core/cloud.ts';
import { operation, perform } from '../../../../local/core/gate.ts';
import { identityDocument, resourceDocument, trustDocument } from '../../../../local/core/iam/document.ts';
import type { Grant, GrantObserver } from '../../../../local/core/iam/grants.ts';
import { type Policies, policiesOf } from '../../../../local/core/iam/policies.ts';
import { actingFor } from '../../../../local/core/identity.ts';

const ROLE = 'arn:aws:iam::000000000000:role/worker';
const OTHER = 'arn:aws:iam::000000000000:role/other';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:work';
const RULE = 'arn:aws:events:us-east-1:000000000000:rule/bus/it';
const administrator: Principal = { arn: ADMINISTRATOR, accessKeyId: 'AKIA' };
const worker: Principal = { arn: ROLE, accessKeyId: 'ASIA' };
const eventBridge = (source: string): Principal => actingFor('000000000000', 'events.amazonaws.com', source);

const service = (name: string, ...names: string[]): Service => ({
  name,
  operations: Object.fromEntries(names.map((each) => [each, operation(z.unknown(), () => 'done')])),
  resources: {},
});
const sqs = service('sqs', 'SendMessage', 'ReceiveMessage');
const sts = service('sts', 'AssumeRole', 'GetCallerIdentity');
const s3 = service('s3', 'GetObject', 'CopyObject', 'ListObjectsV2');
const logs = service('logs', 'PutLogEvents');
const events = service('events', 'PutEvents', 'PutRule', 'PutTargets');

let policies: Policies;
let warnings: string[];
beforeEach(() => {
  warnings = [];
  policies = policiesOf((message) => warnings.push(message));
  policies.trust(ROLE, document({ Action: 'sts:AssumeRole', Principal: { AWS: OTHER } }));
});

type Given = Record<string, unknown>;
const document = (...statements: Given[]) => {
  const ofIdentity = statements.every((each) => !('Principal' in each || 'NotPrincipal' in each));
  const ofRole = statements.every((each) => !('Resource' in each));
  const kind = ofIdentity ? identityDocument : ofRole ? trustDocument : resourceDocument;
  return kind.parse({
    Version: '2012-10-17',
    Statement: statements.map((each) => ({ Effect: 'Allow', ...each })),
  });
};
const grant = (...statements: Given[]) => policies.identity('policy', [ROLE], document(...statements));

const done = (of: Service, name: string, input: unknown, principal: Principal = worker): boolean => {
  const call: Call = { principal, requestId: 'test' };
  try {
    return perform(of, name, input, call, policies) === 'done';
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^AccessDenied(Exception)?$/) });
    return false;
  }
};
const send = (principal = worker) => done(sqs, 'SendMessage', { QueueUrl: 'http://a/0/work' }, principal);

describe('a role', () => {
  it('may do what a statement allows, and nothing besides', () => {
    expect(send()).toBe(false);
    grant({ Action: 'sqs:SendMessage', Resource: QUEUE });
    expect(send()).toBe(true);
    expect(done(sqs, 'ReceiveMessage', { QueueUrl: 'http://a/0/work' })).toBe(false);
    expect(done(sqs, 'SendMessage', { QueueUrl: 'http://a/0/worker' })).toBe(false);
    expect(send({ ...worker, arn: OTHER })).toBe(false);
    policies.remove('policy');
    expect(send()).toBe(false);
  });

  it.each<[Given, boolean]>([
    [{ Action: 'sqs:Send*', Resource: '*' }, true],
    [{ Action: 'SQS:sendmessage', Resource: 'arn:aws:sqs:*:*:w?rk' }, true],
    [{ NotAction: 's3:*', NotResource: 'arn:aws:s3:::*' }, true],
    [{ NotAction: 'sqs:*', Resource: '*' }, false],
    [{ Action: '*', NotResource: QUEUE }, false],
    [{ Action: 'sqs:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, true],
    [{ Action: 'sqs:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': false } } }, false],
    [{ Action: 'sqs:*', Resource: '*', Condition: { StringEquals: { 'aws:SourceArn': RULE } } }, false],
    [
      { Action: 'sqs:*', Resource: '*', Condition: { StringEqualsIfExists: { 'aws:SourceArn': RULE } } },
      true,
    ],
    [{ Action: 'sqs:*', Resource: '*', Condition: { Null: { 'aws:SourceArn': 'true' } } }, true],
    [{ Action: 'sqs:*', Resource: '*', Condition: { ArnNotLike: { 'aws:PrincipalArn': ROLE } } }, false],
  ])('by %j: %s', (statement, allowed) => {
    grant(statement);
    expect(send()).toBe(allowed);
  });

  it('may nothing that is denied, by its own policy or the resource’s', () => {
    const all = { Action: 'sqs:*', Resource: '*' };
    grant(all, { ...all, Effect: 'Deny', Action: 'sqs:SendMessage' });
    expect(send()).toBe(false);
    grant(all);
    policies.resource('queue', [QUEUE], document({ ...all, Effect: 'Deny', Principal: '*' }));
    expect(send()).toBe(false);
  });

  it('overwrites nothing where the bucket’s policy asks for a condition', () => {
    const writes = service(
      's3',
      'PutObject',
      'CreateMultipartUpload',
      'UploadPart',
      'CompleteMultipartUpload',
    );
    const put = { Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/commits/*' };
    const Condition = {
      Null: { 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    };
    grant({ Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/*' });
    policies.resource(
      'once',
      ['arn:aws:s3:::b'],
      document({ ...put, Effect: 'Deny', Principal: '*', Condition }),
    );
    const write = (operation: string, more = {}) =>
      done(writes, operation, { Bucket: 'b', Key: 'commits/x', ...more });
    for (const operation of ['PutObject', 'CompleteMultipartUpload']) {
      expect(write(operation)).toBe(false);
      expect(write(operation, { IfMatch: '"etag"' })).toBe(false);
      expect(write(operation, { IfNoneMatch: '*' })).toBe(true);
    }
    expect(write('CreateMultipartUpload')).toBe(true);
    expect(write('UploadPart')).toBe(true);
    expect(write('PutObject', { Key: 'kept/x' })).toBe(true);
  });

  it('may what the resource’s policy allows it by name', () => {
    const allow = { Action: 'sqs:SendMessage', Resource: QUEUE, Principal: { AWS: ROLE } };
    policies.resource('queue', [QUEUE], document(allow));
    expect(send()).toBe(true);
  });

  it('may not what the resource’s policy leaves to its account', () => {
    const account = { AWS: 'arn:aws:iam::000000000000:root' };
    const allow = { Action: 'sqs:SendMessage', Resource: QUEUE, Principal: account };
    policies.resource('queue', [QUEUE], document(allow));
    expect(send()).toBe(false);
    grant({ Action: 'sqs:SendMessage', Resource: QUEUE });
    expect(send()).toBe(true);
    policies.resource('queue', [QUEUE], document({ ...allow, Effect: 'Deny' }));
    expect(send()).toBe(false);
  });

  it('hands a role to EventBridge only if it may pass that role to that service', () => {
    const put = () => done(events, 'PutTargets', { Rule: 'it', Targets: [{ Id: 'a', RoleArn: OTHER }] });
    const targets = { Action: 'events:PutTargets', Resource: '*' };
    const pass = (service: string) => ({
      Action: 'iam:PassRole',
      Resource: OTHER,
      Condition: { StringEquals: { 'iam:PassedToService': service } },
    });
    grant(targets);
    expect(put()).toBe(false);
    grant(targets, pass('pipes.amazonaws.com'));
    expect(put()).toBe(false);
    grant(targets, pass('events.amazonaws.com'));
    expect(put()).toBe(true);
  });

  it('that no stack makes may nothing', () => {
    policies.identity('policy', [OTHER], document({ Action: '*', Resource: '*' }));
    expect(send({ ...worker, arn: OTHER })).toBe(false);
  });

  it('is told apart from an object of a bucket and the bucket', () => {
    grant({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/in/*' });
    expect(done(s3, 'GetObject', { Bucket: 'b', Key: 'in/x' })).toBe(true);
    expect(done(s3, 'GetObject', { Bucket: 'b', Key: 'out/x' })).toBe(false);
    expect(done(s3, 'GetObject', { Bucket: 'b', Key: 'in/x', VersionId: '1' })).toBe(false);
    expect(done(s3, 'ListObjectsV2', { Bucket: 'b' })).toBe(false);
    const copy = { Bucket: 'b', Key: 'copy', CopySource: 'b/in/x' };
    expect(done(s3, 'CopyObject', copy)).toBe(false);
    grant({ Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::b/*' });
    expect(done(s3, 'CopyObject', copy)).toBe(true);
  });

  it('is denied in the service’s own words, and the terminal hears of each action once', () => {
    const attempt = (of: Service, name: string, input: object) =>
      perform(of, name, input, { principal: worker, requestId: 'test' }, policies);
    const message = `${ROLE} is not authorized to perform sqs:SendMessage on ${QUEUE}: no policy of the template allows it`;
    for (let time = 0; time < 2; time++)
      expect(() => attempt(sqs, 'SendMessage', { QueueUrl: 'http://a/0/work' })).toThrow(
        expect.objectContaining({ code: 'AccessDenied', status: 403, message }),
      );
    expect(() => attempt(logs, 'PutLogEvents', { logGroupName: 'g', logStreamName: 's' })).toThrow(
      expect.objectContaining({ code: 'AccessDeniedException', status: 400 }),
    );
    expect(warnings).toEqual([message, expect.stringContaining('logs:PutLogEvents')]);
  });
});

describe('a service that acts for itself', () => {
  const allow = {
    Action: 'sqs:SendMessage',
    Resource: QUEUE,
    Principal: { Service: 'events.amazonaws.com' },
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/bus/*' } },
  };

  it('may what the resource’s policy allows, for the resource that it acts for', () => {
    expect(send(eventBridge(RULE))).toBe(false);
    policies.resource('queue', [QUEUE], document(allow));
    expect(send(eventBridge(RULE))).toBe(true);
    expect(send(eventBridge(RULE.replace('/bus/', '/another/')))).toBe(false);
    expect(send({ ...eventBridge(RULE), service: 'pipes.amazonaws.com' })).toBe(false);
  });
});

it('a service tells EventBridge of itself without a policy', () => {
  const states = actingFor('000000000000', 'states.amazonaws.com');
  expect(done(events, 'PutEvents', { Entries: [{ Source: 'aws.states' }] }, states)).toBe(true);
  expect(done(events, 'PutRule', { Name: 'it' }, states)).toBe(false);
});

describe('a role that a service takes up', () => {
  const trust = (statement: Given) =>
    policies.trust(ROLE, document({ Action: 'sts:AssumeRole', ...statement }));
  const ofRule = { Principal: { Service: 'events.amazonaws.com' } };
  const here = { StringEquals: { 'aws:SourceAccount': '000000000000' } };

  it.each<[string, Given, string | undefined, boolean]>([
    ['that it trusts', ofRule, undefined, true],
    ['for its account', { ...ofRule, Condition: here }, RULE, true],
    ['which does not tell for whom', { ...ofRule, Condition: here }, undefined, false],
    ['for the rule', { ...ofRule, Condition: { ArnLike: { 'aws:SourceArn': RULE } } }, RULE, true],
    ['for another rule', { ...ofRule, Condition: { ArnLike: { 'aws:SourceArn': `${RULE}2` } } }, RULE, false],
    ['another than it trusts', { Principal: { Service: 'pipes.amazonaws.com' } }, RULE, false],
    ['where it trusts the account', { Principal: { AWS: 'arn:aws:iam::000000000000:root' } }, RULE, false],
    ['for another action', { ...ofRule, Action: 'sts:TagSession' }, RULE, false],
  ])('%s', (_, statement, source, allowed) => {
    trust(statement);
    const assume = () => policies.assume(ROLE, actingFor('000000000000', 'events.amazonaws.com', source));
    const refused = `events.amazonaws.com is not authorized to perform sts:AssumeRole on ${ROLE}: no policy of the template allows it`;
    if (allowed) expect(assume).not.toThrow();
    else expect(assume).toThrow(expect.objectContaining({ code: 'AccessDenied', message: refused }));
  });

  it('is one that a stack makes', () => {
    const assume = () => policies.assume(OTHER, actingFor('000000000000', 'events.amazonaws.com', RULE));
    expect(assume).toThrow(`the role ${OTHER} cannot be assumed: no stack makes it`);
  });
});

describe('an observer', () => {
  const grants: Grant[][] = [];
  const observe = (observer: GrantObserver): void => {
    policies = policiesOf(() => undefined, observer);
    policies.trust(ROLE, []);
  };
  let taken: string | undefined;
  let takenOn: string | undefined;
  beforeEach(() => {
    grants.length = 0;
    taken = undefined;
    takenOn = undefined;
    observe({
      counts: ({ action, resource }) => action !== taken || (takenOn !== undefined && resource !== takenOn),
    });
  });

  it('hears of every grant that lets a call through', () => {
    observe({ allowed: (_request, by) => void grants.push([...by]) });
    const allow = { Action: 'sqs:*', Resource: QUEUE };
    grant({ Action: 's3:*', Resource: '*' }, { ...allow, Action: ['sqs:Send*', 'sqs:SendMessage'] });
    policies.resource('queue', [QUEUE], document({ ...allow, Principal: { AWS: ROLE } }));
    expect(send()).toBe(true);
    expect(grants).toEqual([
      [
        { policy: 'policy', statement: 1, action: 'sqs:Send*', resource: QUEUE },
        { policy: 'policy', statement: 1, action: 'sqs:SendMessage', resource: QUEUE },
        { policy: 'queue', statement: 0, action: 'sqs:*', resource: QUEUE },
      ],
    ]);
  });

  it('takes one action on one of a statement’s resources away', () => {
    const other = QUEUE.replace('work', 'other');
    grant({ Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: [QUEUE, other] });
    taken = 'sqs:SendMessage';
    takenOn = QUEUE;
    expect(send()).toBe(false);
    expect(done(sqs, 'SendMessage', { QueueUrl: 'http://a/0/other' })).toBe(true);
    expect(done(sqs, 'ReceiveMessage', { QueueUrl: 'http://a/0/work' })).toBe(true);
  });

  it('takes one action of a statement away, and no deny', () => {
    grant({ Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: QUEUE });
    taken = 'sqs:SendMessage';
    expect(send()).toBe(false);
    expect(done(sqs, 'ReceiveMessage', { QueueUrl: 'http://a/0/work' })).toBe(true);
    taken = 'sqs:*';
    grant({ Action: 'sqs:Send*', Resource: '*' }, { Effect: 'Deny', Action: 'sqs:*', Resource: '*' });
    expect(send()).toBe(false);
  });
});

describe('the administrator', () => {
  const everybody = { Action: 'sqs:*', Resource: '*', Effect: 'Deny', Principal: '*' };
  const root = { AWS: 'arn:aws:iam::000000000000:root' };

  it('may everything that no policy of a resource denies', () => {
    expect(send(administrator)).toBe(true);
    for (const Principal of ['*', root, { AWS: ADMINISTRATOR }]) {
      policies.resource('queue', [QUEUE], document({ ...everybody, Principal }));
      expect(send(administrator)).toBe(false);
    }
    policies.resource('queue', [QUEUE], document({ ...everybody, Principal: { AWS: ROLE } }));
    expect(send(administrator)).toBe(true);
    const Condition = { ArnNotEquals: { 'aws:PrincipalArn': ADMINISTRATOR } };
    policies.resource('queue', [QUEUE], document({ ...everybody, Condition }));
    expect(send(administrator)).toBe(true);
  });

  it('hears that a policy denies what it asks for', () => {
    policies.resource('queue', [QUEUE], document(everybody));
    const call = { principal: administrator, requestId: 'test' };
    expect(() => perform(sqs, 'SendMessage', { QueueUrl: 'http://a/0/work' }, call, policies)).toThrow(
      `${ADMINISTRATOR} is not authorized to perform sqs:SendMessage on ${QUEUE}: a policy of the template denies it`,
    );
  });

  const assume = (RoleArn = ROLE) => done(sts, 'AssumeRole', { RoleArn }, administrator);
  it.each<[Given, boolean]>([
    [{ Principal: root }, true],
    [{ Principal: { AWS: ADMINISTRATOR } }, true],
    [{ Principal: { AWS: '*' } }, true],
    [{ Principal: { Service: 'lambda.amazonaws.com' } }, false],
    [{ Principal: { AWS: OTHER } }, false],
    [{ Principal: root, Condition: { ArnEquals: { 'aws:PrincipalArn': OTHER } } }, false],
  ])('assumes a role whose trust is %j: %s', (trust, allowed) => {
    policies.trust(ROLE, document({ Action: 'sts:AssumeRole', ...trust }));
    expect(assume()).toBe(allowed);
  });

  it('assumes no role that no stack makes', () => expect(assume(OTHER)).toBe(false));
});

it('a role is assumed by another that it trusts and that may assume it', () => {
  const assume = () => done(sts, 'AssumeRole', { RoleArn: ROLE }, { arn: OTHER, accessKeyId: 'ASIA' });
  policies.trust(OTHER, []);
  expect(assume()).toBe(false);
  policies.identity('other', [OTHER], document({ Action: 'sts:AssumeRole', Resource: ROLE }));
  expect(assume()).toBe(true);
  policies.trust(
    ROLE,
    document({ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }),
  );
  expect(assume()).toBe(false);
});

it('a policy with an operator that is not known here is refused', () => {
  const unknown = { Action: '*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
  expect(() => document(unknown)).toThrow();
});
