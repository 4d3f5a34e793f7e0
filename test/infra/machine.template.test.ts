import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readDefinition } from '../../local/services/states/definition/read.ts';
import { filled } from '../support/aws/filled.ts';
import type { Template } from '../support/aws/template.ts';
import { synthesized, templateOf } from '../support/variants/synthesized.ts';

const machineSchema = z.object({ DefinitionString: z.string() });

/** The definitions of a template's machines, as they are sent to AWS. */
const definitionsOf = (template: Template): string[] =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')
    .map(({ Properties }) => machineSchema.parse(filled(template, Properties)).DefinitionString);

// Quota of Step Functions for a definition.
const MAX_CHARACTERS = 1_048_576;

/** What asl-validator says of a definition. */
const problemsOf = (definition: object): readonly unknown[] =>
  aslValidator(definition, { checkArn: true, checkPaths: true }).errors;

const objectSchema = z.looseObject({ States: z.record(z.string(), z.looseObject({})) });

describe('the States Language', () => {
  it.each(synthesized)('takes the delivery machine of $name', ({ template }) => {
    const definitions = definitionsOf(template);
    expect(definitions).toHaveLength(1);
    for (const text of definitions) {
      expect(text.length).toBeLessThan(MAX_CHARACTERS);
      expect(problemsOf(objectSchema.parse(JSON.parse(text)))).toEqual([]);
      expect(readDefinition(text, () => {}).StartAt).toBe('Validate');
    }
  });

  const [text = '{}'] = definitionsOf(templateOf('default'));
  const spoiled = (spoil: (states: z.infer<typeof objectSchema>['States']) => void) => {
    const definition = objectSchema.parse(JSON.parse(text));
    spoil(definition.States);
    return definition;
  };

  it.each([
    [
      'a state that leads nowhere',
      spoiled((states) => Object.assign(states.Validate ?? {}, { Next: 'Nowhere' })),
    ],
    ['a field that there is not', spoiled((states) => Object.assign(states.Validate ?? {}, { Timeout: 3 }))],
    [
      'a path that is none',
      spoiled((states) => Object.assign(states.Validate ?? {}, { ResultPath: '$.a[' })),
    ],
  ])('refuses %s, as CreateStateMachine of hookline up does', (_what, definition) => {
    expect(problemsOf(definition)).not.toEqual([]);
    expect(() => readDefinition(JSON.stringify(definition), () => {})).toThrow();
  });
});
