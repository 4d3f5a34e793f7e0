import type { Delivery } from '../../events/delivery.ts';
import { DELIVERY_PLACEHOLDERS, deliveryValues } from '../../events/delivery-values.ts';
import type { TemplateOptions } from '../../events/payload-values.ts';
import { type Named, pipelineNameFor } from '../../events/pipeline-name.ts';
import { contextOf } from '../../events/status-context.ts';
import { filled, hasPlaceholder, placeholdersOf, type Values } from '../../events/template.ts';
import { jsonText, type ValueAtPath } from './values-at.ts';

/** What a rule makes of a delivery before its commit is pulled. What the rule says in full is no news. */
export function madeOf(
  { pipeline, status }: TemplateOptions,
  of: Named & { readonly delivery: Delivery },
): ValueAtPath[] {
  const values = deliveryValues(of.delivery, of.values);
  const own = typeof status === 'object' ? (status.context ?? '') : '';
  const context = hasPlaceholder(own) ? own : undefined;
  return [
    ...(pipeline && (pipeline.each || hasPlaceholder(pipeline.name))
      ? [{ path: 'pipeline', value: nameOf(pipeline, of) }]
      : []),
    ...Object.entries(pipeline?.variables ?? {}).flatMap(([name, template]) =>
      isKnown(template, values)
        ? [{ path: `variable ${name}`, value: jsonText(filled(template, values)) }]
        : [],
    ),
    ...(context ? [{ path: 'status', value: contextOf(context, values) }] : []),
  ];
}

function nameOf(pipeline: NonNullable<TemplateOptions['pipeline']>, of: Named): string {
  const made = pipelineNameFor(pipeline, of);
  return 'name' in made ? made.name : made.problem;
}

/** Whether the template has placeholders, and none for what the pull finds out. */
function isKnown(template: string, members: Values): boolean {
  const names = placeholdersOf(template).map(({ name }) => name);
  const known: readonly string[] = [...DELIVERY_PLACEHOLDERS, ...Object.keys(members)];
  return names.length > 0 && names.every((name) => known.includes(name));
}
