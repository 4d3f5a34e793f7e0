import { namesOf } from '../../events/pipeline-name.ts';
import type { PLACEHOLDERS } from '../../events/pipeline-options.ts';
import type { Pulled } from '../../statemachine/payloads.ts';

/**
 * A rule's pipeline variables for one delivery. One that comes out empty is left out, as CodePipeline takes no empty
 * value: the pipeline's own default stands.
 */
export function variablesOf(
  templates: Readonly<Record<string, string>>,
  state: Pulled,
): { name: string; value: string }[] {
  const values = valuesOf(state);
  return Object.entries(templates).flatMap(([name, template]) => {
    const value = template.replace(/\{(\w+)\}/g, (whole, placeholder: string) =>
      Object.hasOwn(values, placeholder) ? values[placeholder as keyof typeof values] : whole,
    );
    return value === '' ? [] : [{ name, value: value.slice(0, 1000) }];
  });
}

function valuesOf({ delivery, pull }: Pulled): Record<(typeof PLACEHOLDERS)[number], string> {
  const { ref } = delivery;
  return {
    host: delivery.host,
    repository: delivery.repository.fullName,
    ref,
    ...namesOf(delivery),
    commit: pull.commit,
    event: delivery.event,
    sender: delivery.sender ?? '',
    deliveryId: delivery.id,
    key: pull.key,
    versionId: pull.versionId,
  };
}
