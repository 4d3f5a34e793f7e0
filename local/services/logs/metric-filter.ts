import * as z from 'zod';
import { inert, unit } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';
import { filterProblem } from './filter-pattern.ts';
import { groupName } from './names.ts';

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html
const name = z
  .string()
  .max(255)
  .regex(/^[^:*$]+$/, 'holds no : * and $');
const transformation = z
  .strictObject({
    MetricName: name,
    MetricNamespace: name.refine(
      (text) => !text.startsWith('AWS/'),
      'begins with AWS/, which are the names of AWS’s own',
    ),
    MetricValue: z
      .string()
      .max(100)
      .regex(/^(?:\$.+|-?\d+(?:\.\d+)?)$/, 'expected a number, or a $ and what it names'),
    DefaultValue: z.coerce.number().optional(),
    Dimensions: z
      .array(z.strictObject({ Key: z.string().min(1).max(255), Value: z.string().regex(/^\$/) }))
      .max(3)
      .optional(),
    Unit: inert(unit),
  })
  .refine(
    ({ DefaultValue, Dimensions = [] }) => DefaultValue === undefined || Dimensions.length === 0,
    'Dimensions and DefaultValue exclude each other: leave one out',
  );

/** AWS::Logs::MetricFilter, which counts nothing here. */
export const metricFilterProperties = z
  .strictObject({
    FilterName: z
      .string()
      .min(1)
      .max(512)
      .regex(/^[^:*]*$/, 'holds no : and no *')
      .optional(),
    FilterPattern: z
      .string()
      .max(1024)
      .superRefine((pattern, { addIssue }) => {
        const problem = filterProblem(pattern);
        if (problem !== undefined) addIssue(`the filter pattern ${pattern} ${problem}`);
      }),
    LogGroupName: groupName,
    MetricTransformations: z.array(transformation).length(1),
    ApplyOnTransformedLogs: templateBoolean.optional(),
  })
  .superRefine(({ FilterPattern, MetricTransformations }, { addIssue }) => {
    for (const { MetricValue, Dimensions = [] } of MetricTransformations)
      for (const value of [MetricValue, ...Dimensions.map(({ Value }) => Value)])
        if (!isFound(FilterPattern.trim(), value))
          addIssue(`the filter pattern ${FilterPattern} finds no field ${value}`);
  });

/** A pattern in braces finds fields of JSON, one in brackets the columns that it names. */
function isFound(pattern: string, value: string): boolean {
  if (!value.startsWith('$')) return true;
  return value.startsWith('$.') ? pattern.startsWith('{') : pattern.startsWith('[');
}
