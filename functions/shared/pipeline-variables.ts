import { deliveryValues } from '../../events/delivery-values.ts';
import { MAX_VALUE_LENGTH } from '../../events/payload-values.ts';
import { cut, filled, oneLine, type Values } from '../../events/template.ts';
import type { Pulled } from '../../statemachine/payloads.ts';

/** What the values of variables are made of. */
type Templated = Pick<Pulled, 'delivery' | 'values'> & {
  /** of a deleted branch the commit and its artifact are known, and no more */
  readonly pull: Pick<Pulled['pull'], 'commit' | 'key' | 'versionId'> & Partial<Pulled['pull']>;
};

/**
 * A rule's pipeline variables for one delivery, each on one line and cut to what CodePipeline takes. One that comes out
 * empty is left out, as CodePipeline takes no empty value: the pipeline's own default stands.
 */
export function variablesOf(templates: Values, state: Templated): { name: string; value: string }[] {
  const values = valuesOf(state);
  return Object.entries(templates).flatMap(([name, template]) => {
    const value = cut(oneLine(filled(template, values)), MAX_VALUE_LENGTH);
    return value === '' ? [] : [{ name, value }];
  });
}

function valuesOf({ delivery, values, pull }: Templated): Values {
  return {
    ...deliveryValues(delivery, values),
    commit: pull.commit,
    'commit.subject': pull.subject ?? '',
    'commit.message': pull.message ?? '',
    'commit.author': pull.author ?? '',
    'commit.time': pull.time ?? '',
    'commit.files': pull.files ?? '',
    'commit.changed': pull.changed ?? '',
    key: pull.key,
    versionId: pull.versionId,
  };
}
