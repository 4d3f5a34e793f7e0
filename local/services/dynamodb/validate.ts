import type { Rule, Structure } from 'dynalite/validations/createTable.js';
import validations from 'dynalite/validations/index.js';
import { unsupported } from '../../core/aws-error.ts';
import { asAwsError } from './fault.ts';
import { LIMITS } from './session.ts';

interface Rules {
  readonly types: Readonly<Record<string, Rule>>;
  readonly custom?: unknown;
}

/**
 * Holds a request against DynamoDB's rules for it.
 * @returns a copy with its expressions parsed, as dynalite's actions want it
 * @throws AwsError with the text that DynamoDB has for it
 */
export function checked(operation: string, members: object, { types, custom }: Rules): object {
  refuseUnknown(operation, members, { type: 'FieldStruct<Input>', children: types });
  try {
    const data = validations.checkTypes(structuredClone(members), types);
    validations.checkValidations(data, types, custom, { options: LIMITS });
    return data;
  } catch (error) {
    throw asAwsError(error);
  }
}

/** dynalite drops members that it does not know. @throws UnsupportedOperation naming the first of them, at any depth */
function refuseUnknown(path: string, value: unknown, rule: Rule): void {
  if (typeof value !== 'object' || value === null || typeof rule === 'string') return;
  for (const [name, inner] of Object.entries(value)) {
    const known = ruleOf(rule, name);
    if (known) refuseUnknown(`${path}.${name}`, inner, known);
    else if (isStructure(rule) && inner != null) throw unsupported(`${name} in DynamoDB's ${path}`);
  }
}

function ruleOf(rule: Exclude<Rule, string>, name: string): Rule | undefined {
  if (!isStructure(rule)) return rule.children;
  return Object.hasOwn(rule.children, name) ? rule.children[name] : undefined;
}

function isStructure(rule: Exclude<Rule, string>): rule is Structure {
  return /^(Field|Value)Struct</.test(rule.type);
}
