import { CHECKED_AT_CREATION, type Naming, NOT_CHECKED } from './creation-checks.ts';
import { type Resource, referencesIn, type Template } from './template.ts';

/** A resource, and one that is made before it. */
export interface Wait {
  readonly id: string;
  readonly on: string;
  readonly because: string;
}

/** What each resource waits for: whatever it refers to, and its `DependsOn`. */
const waitsOf = ({ Resources }: Template): Map<string, ReadonlySet<string>> =>
  new Map(
    Object.entries(Resources).map(([id, { Properties, DependsOn }]) => [
      id,
      new Set(
        [...referencesIn(Properties).map(({ to }) => to), ...DependsOn].filter((to) => to in Resources),
      ),
    ]),
  );

/**
 * The steps in which CloudFormation makes a template's resources: what is in a step is made at once, after the steps before.
 * @throws when resources wait for each other
 */
export function creationSteps(template: Template): string[][] {
  const left = waitsOf(template);
  const steps: string[][] = [];
  while (left.size > 0) {
    const step = [...left].filter(([, waits]) => ![...waits].some((id) => left.has(id))).map(([id]) => id);
    if (step.length === 0) throw new Error(`these wait for each other: ${[...left.keys()].join(', ')}`);
    for (const id of step) left.delete(id);
    steps.push(step);
  }
  return steps;
}

/** What must be made before what, as AWS looks at it when it makes the later one. */
export function neededWaits(template: Template): Wait[] {
  const isBehind = behind(template);
  const policies = policiesOf(template);
  return Object.entries(template.Resources).flatMap(([id, resource]) => [
    ...namings(template, resource).flatMap(({ key, to }) => {
      const because = CHECKED_AT_CREATION[key]?.(resource.Properties);
      // What names the resource itself is made after it, as AWS's own examples make it: a build's right to its log.
      const before = (policies.get(to) ?? []).filter((policy) => !isBehind(policy, id));
      return because ? before.map((on) => ({ id, on, because })) : [];
    }),
    ...waitsInApi(template, id, resource),
  ]);
}

/**
 * What CloudFormation may make before something that AWS then looks for, and what nobody has looked up yet: whether AWS
 * looks for it. @returns a line for each
 */
export function orderProblems(template: Template): string[] {
  const isBehind = behind(template);
  const policies = policiesOf(template);
  const unknown = Object.values(template.Resources)
    .flatMap((resource) => namings(template, resource))
    .filter(({ key, to }) => policies.has(to) && !(key in CHECKED_AT_CREATION) && !(key in NOT_CHECKED))
    .map(({ key }) => `${key}: say in creation-checks.ts whether AWS looks at a policy when it is made`);
  return [
    ...new Set(unknown),
    ...neededWaits(template)
      .filter(({ id, on }) => !isBehind(id, on))
      .map(({ id, on, because }) => `${id} does not wait for ${on}: ${because}`),
  ];
}

/** Whether a resource is made after another, however many are between them. */
function behind(template: Template): (id: string, on: string) => boolean {
  const waits = waitsOf(template);
  const all = new Map<string, Set<string>>();
  const allOf = (id: string): Set<string> => {
    const known = all.get(id);
    if (known) return known;
    const found = new Set<string>();
    all.set(id, found);
    for (const each of waits.get(id) ?? []) for (const one of [each, ...allOf(each)]) found.add(one);
    return found;
  };
  return (id, on) => allOf(id).has(on);
}

/** The resources that a resource names, each by the property: `AWS::Pipes::Pipe.RoleArn to AWS::IAM::Role`. */
function namings({ Resources }: Template, { Type, Properties }: Resource): { key: Naming; to: string }[] {
  if (isPolicy(Type)) return [];
  return Object.entries(Properties).flatMap(([property, value]) =>
    [...new Set(referencesIn(value).map(({ to }) => to))].flatMap((to) => {
      const named = Resources[to]?.Type;
      return named ? [{ key: `${Type}.${property} to ${named}` as const, to }] : [];
    }),
  );
}

// Of each kind of policy, the property that says what it is for.
const POLICIES: Readonly<Record<string, string>> = {
  'AWS::IAM::Policy': 'Roles',
  'AWS::IAM::ManagedPolicy': 'Roles',
  'AWS::S3::BucketPolicy': 'Bucket',
  'AWS::SQS::QueuePolicy': 'Queues',
  'AWS::SNS::TopicPolicy': 'Topics',
  'AWS::Lambda::Permission': 'FunctionName',
};
const isPolicy = (type: string): boolean => type in POLICIES;

/** The policies of each resource that has some. */
function policiesOf({ Resources }: Template): Map<string, string[]> {
  const policies = new Map<string, string[]>();
  for (const [policy, { Type, Properties }] of Object.entries(Resources))
    for (const { to } of referencesIn(Properties[POLICIES[Type] ?? '']))
      policies.set(to, [...(policies.get(to) ?? []), policy]);
  return policies;
}

/** API Gateway takes a stage with logs once the account has a role, and deploys what an API has at that time. */
function waitsInApi({ Resources }: Template, id: string, { Type, Properties }: Resource): Wait[] {
  const all = (types: readonly string[], because: string) =>
    Object.entries(Resources)
      .filter(([, other]) => types.includes(other.Type))
      .map(([on]) => ({ id, on, because }));
  if (Type === 'AWS::ApiGateway::Stage' && 'AccessLogSetting' in Properties)
    return all(
      ['AWS::ApiGateway::Account'],
      'API Gateway takes no access logs before the account has a role for them',
    );
  if (Type === 'AWS::ApiGateway::Deployment')
    return all(
      ['AWS::ApiGateway::Method', 'AWS::ApiGateway::GatewayResponse'],
      'API Gateway deploys what the API has at that time, and refuses an API without a method',
    );
  return [];
}
