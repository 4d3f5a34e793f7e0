import { ACCOUNT, REGION } from '../account-and-region.ts';
import type { Access } from '../cloud.ts';
import { type Input, list, type Needs, text } from './needs.ts';
import { s3 } from './s3-access.ts';

/**
 * The permissions that an operation needs, for services whose policies name resources. Every other operation is on `*`.
 */
export function accessOf(service: string, operation: string, input: unknown): Access[] {
  const needs = Object.hasOwn(NEEDS, service) ? NEEDS[service] : undefined;
  const given = typeof input === 'object' && input !== null ? { ...input } : {};
  return needs ? needs(operation, given) : [{ action: operation, resource: '*' }];
}

const arn = (service: string, rest: string): string =>
  rest.startsWith('arn:') ? rest : `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

/** The ARN of a named resource; of a call that names none, `*`. */
const named =
  (service: string, prefix: string, ...members: string[]): Needs =>
  (action, input) => {
    const name = text(input, ...members);
    if (name === '') return [{ action, resource: '*' }];
    return [{ action, resource: name.startsWith('arn:') ? name : arn(service, `${prefix}${name}`) }];
  };

const lambda: Needs = (operation, input) =>
  named('lambda', 'function:', 'FunctionName')(operation === 'Invoke' ? 'InvokeFunction' : operation, input);

const sqs: Needs = (action, input) => {
  const url = text(input, 'QueueUrl', 'SourceArn');
  const name = url.split('/').at(-1) || text(input, 'QueueName');
  return [{ action, resource: name === '' ? '*' : arn('sqs', name) }];
};

const logs: Needs = (action, input) => {
  const group = text(input, 'logGroupName', 'logGroupIdentifier');
  if (group === '' || group.startsWith('arn:')) return [{ action, resource: group || '*' }];
  return [{ action, resource: arn('logs', `log-group:${group}:log-stream:${text(input, 'logStreamName')}`) }];
};

const events: Needs = (action, input) => {
  const bus = (value: unknown): string => {
    const name = typeof value === 'string' && value !== '' ? value : 'default';
    return name.startsWith('arn:') ? name : arn('events', `event-bus/${name}`);
  };
  if (action === 'PutEvents')
    return list(input.Entries).map((entry) => {
      const { EventBusName } = { EventBusName: undefined, ...(entry ?? {}) };
      return { action, resource: bus(EventBusName) };
    });
  const rule = text(input, 'Rule') || (action.endsWith('Rule') ? text(input, 'Name') : '');
  if (rule === '') return [{ action, resource: '*' }];
  const own = text(input, 'EventBusName').split('/').at(-1);
  const path = own && own !== 'default' ? `${own}/${rule}` : rule;
  return [{ action, resource: arn('events', `rule/${path}`) }, ...passed(input)];
};

/** The roles that a call hands to EventBridge for the targets of a rule. */
function passed({ Targets }: Input): Access[] {
  return list(Targets).flatMap((target) => {
    const { RoleArn } = { RoleArn: undefined, ...(target ?? {}) };
    if (typeof RoleArn !== 'string') return [];
    return [{ action: 'iam:PassRole', resource: RoleArn, passedTo: 'events.amazonaws.com' }];
  });
}

const dynamodb: Needs = (action, input) => {
  const table = (name: string): string => (name.startsWith('arn:') ? name : arn('dynamodb', `table/${name}`));
  if (typeof input.RequestItems === 'object' && input.RequestItems !== null)
    return Object.keys(input.RequestItems).map((name) => ({ action, resource: table(name) }));
  const name = text(input, 'TableName');
  const index = text(input, 'IndexName');
  if (name === '') return [{ action, resource: '*' }];
  return [{ action, resource: index === '' ? table(name) : `${table(name)}/index/${index}` }];
};

const codebuild: Needs = (action, input) => {
  const project = (name: string): Access => ({
    action,
    resource: arn('codebuild', name.startsWith('arn:') ? name : `project/${name.split(':')[0]}`),
  });
  const name = text(input, 'projectName', 'id');
  const all = [...(name === '' ? [] : [name]), ...list(input.ids), ...list(input.names)];
  const projects = all
    .filter((each) => typeof each === 'string')
    .map(projectOf)
    .map(project);
  return projects.length > 0 ? projects : [{ action, resource: '*' }];
};

/** A build is of its project: `arn:…:build/NAME:ID` and `NAME:ID` too. */
const projectOf = (build: string): string => /:build\/([^:]+)/.exec(build)?.[1] ?? build;

const ssm: Needs = (action, input) => {
  const names = [text(input, 'Name'), ...list(input.Names)].filter((name) => name !== '');
  if (names.length === 0) return [{ action, resource: '*' }];
  return names.map((name) => ({
    action,
    resource: arn('ssm', `parameter/${String(name).replace(/^\//, '')}`),
  }));
};

const NEEDS: Readonly<Record<string, Needs>> = {
  codebuild,
  dynamodb,
  events,
  lambda,
  logs,
  s3,
  secretsmanager: named('secretsmanager', 'secret:', 'SecretId', 'Name'),
  sns: named('sns', '', 'TopicArn', 'Name'),
  sqs,
  ssm,
  states: named('states', 'stateMachine:', 'executionArn', 'stateMachineArn'),
  sts: named('iam', 'role/', 'RoleArn'),
};
