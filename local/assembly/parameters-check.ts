import { isPattern } from '../core/pattern.ts';
import type { Stack } from './assembly.ts';

const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * The values of a stack's parameters, given or by default. Those of the Parameter Store are refused where they are used.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 * @throws for a parameter without a value, and for a value that the template does not allow
 */
export function checkParameters(
  { name: stackName, template }: Stack,
  given: Readonly<Record<string, string>>,
): void {
  for (const [name, parameter] of Object.entries(template.Parameters)) {
    if (parameter.Type.startsWith('AWS::SSM::')) continue;
    const { AllowedPattern } = parameter;
    if (typeof AllowedPattern === 'string' && !isPattern(AllowedPattern))
      throw new Error(
        `the parameter ${name} of stack ${stackName} has the AllowedPattern ${AllowedPattern}, which is no regular expression`,
      );
    const { [name]: value = parameter.Default } = given;
    if (value === undefined)
      throw new Error(`the parameter ${name} of stack ${stackName} has no value: give one, or a Default`);
    const problem = problemOf(parameter, String(value));
    if (problem !== undefined)
      throw new Error(
        `the parameter ${name} of stack ${stackName} has the value ${String(value)}, ${problem}`,
      );
  }
}

function problemOf(parameter: Stack['template']['Parameters'][string], value: string): string | undefined {
  const { Type, AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = parameter;
  if (Type === 'Number' && !NUMBER.test(value)) return 'which is no number';
  if (Array.isArray(AllowedValues) && !AllowedValues.map(String).includes(value))
    return `which is none of ${AllowedValues.join(', ')}`;
  if (typeof AllowedPattern === 'string' && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
    return `which does not match ${AllowedPattern}`;
  if (value.length < Number(MinLength ?? 0)) return `which is shorter than ${MinLength}`;
  if (value.length > Number(MaxLength ?? Number.POSITIVE_INFINITY))
    return `which is longer than ${MaxLength}`;
  if (Number(value) < Number(MinValue ?? Number.NEGATIVE_INFINITY)) return `which is less than ${MinValue}`;
  return Number(value) > Number(MaxValue ?? Number.POSITIVE_INFINITY)
    ? `which is more than ${MaxValue}`
    : undefined;
}
