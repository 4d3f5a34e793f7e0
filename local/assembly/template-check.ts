import { unsupported } from '../core/aws-error.ts';
import type { Stack, Template } from './assembly.ts';

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html. The rules of parameters are
// what the CDK writes of the bootstrap stack, which no machine has.
const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
];
const ATTRIBUTES = [
  'Condition',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdateReplacePolicy',
];
// No resource that is made here can have a snapshot.
const POLICIES = {
  DeletionPolicy: ['Delete', 'Retain', 'RetainExceptOnCreate'],
  UpdateReplacePolicy: ['Delete', 'Retain'],
};
const OUTPUT = ['Condition', 'Description', 'Export', 'Value'];
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const MOST = { Mappings: 200, Outputs: 200, Parameters: 200, Resources: 500 } as const;
const MOST_BYTES = 1024 * 1024;
const MOST_DESCRIBED = 1024;
const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;

/**
 * The structure of a template, before anything of it is made.
 * @throws UnsupportedOperation for a section or an attribute that is not carried out; for what CloudFormation refuses
 */
export function checkTemplate({ name, template, source }: Stack): void {
  const refuse = (what: string): never => {
    throw new Error(`the template of stack ${name} ${what}`);
  };
  const section = Object.keys(template).find((each) => !SECTIONS.includes(each));
  if (section !== undefined) throw unsupported(`the section ${section} of the template of stack ${name}`);
  if (Object.keys(template.Resources).length === 0) refuse('has no resource: a stack has one at least');
  checkSizes(template, source, refuse);
  const empty = nullIn(template, '');
  if (empty !== undefined) refuse(`has null at ${empty}: 'null' values are not allowed in templates`);
  for (const id of [...Object.keys(template.Resources), ...Object.keys(template.Outputs)])
    if (!LOGICAL_ID.test(id)) refuse(`has the name ${id}, which holds more than letters and digits`);
  for (const [id, resource] of Object.entries(template.Resources))
    checkResource(template, id, resource, refuse);
  for (const [id, output] of Object.entries(template.Outputs)) {
    const attribute = Object.keys(output).find((each) => !OUTPUT.includes(each));
    if (attribute !== undefined)
      refuse(`has the attribute ${attribute} of the output ${id}, which there is not`);
    const { Condition } = output;
    if (Condition !== undefined) checkCondition(template, `the output ${id}`, Condition, refuse);
  }
}

function checkSizes(template: Template, source: string, refuse: Refuse): void {
  for (const section of ['Mappings', 'Outputs', 'Parameters', 'Resources'] as const) {
    const count = Object.keys(template[section]).length;
    if (count > MOST[section]) refuse(`has ${count} ${section}, and may have ${MOST[section]}`);
  }
  const bytes = Buffer.byteLength(source);
  if (bytes > MOST_BYTES) refuse(`has ${bytes} bytes, and may have ${MOST_BYTES}`);
  const described = Buffer.byteLength(String(template.Description ?? ''));
  if (described > MOST_DESCRIBED)
    refuse(`has a Description of ${described} bytes, and may have ${MOST_DESCRIBED}`);
}

/** The place of the first null, which CloudFormation takes nowhere. */
function nullIn(value: unknown, place: string): string | undefined {
  if (value === null) return place;
  if (typeof value !== 'object') return undefined;
  for (const [name, below] of Object.entries(value)) {
    const found = nullIn(below, `${place}/${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Refuse = (what: string) => never;

function checkResource(
  template: Template,
  id: string,
  resource: Template['Resources'][string],
  refuse: Refuse,
): void {
  const attribute = Object.keys(resource).find((each) => !ATTRIBUTES.includes(each));
  if (attribute !== undefined) throw unsupported(`the attribute ${attribute} of ${id}`);
  const lost = [resource.DependsOn ?? []].flat().find((each) => !Object.hasOwn(template.Resources, each));
  if (lost !== undefined) refuse(`has ${id} depend on ${lost}, which is no resource`);
  if (resource.Condition !== undefined) checkCondition(template, id, resource.Condition, refuse);
  for (const [policy, known] of Object.entries(POLICIES)) {
    const value = resource[policy];
    if (value !== undefined && !(typeof value === 'string' && known.includes(value)))
      refuse(`has the ${policy} ${JSON.stringify(value)} of ${id}: take one of ${known.join(', ')}`);
  }
}

function checkCondition({ Conditions }: Template, of: string, condition: string, refuse: Refuse): void {
  if (!Object.hasOwn(Conditions, condition))
    refuse(`names the condition ${condition} of ${of}, which it has not`);
}
