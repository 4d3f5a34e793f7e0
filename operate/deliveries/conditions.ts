import { PENDING } from '../../statemachine/outcomes.ts';
import { outcomesOf, recordedOutcomes } from './outcome-filter.ts';
import { type Comparison, type DeliveryFilter, FILTERS, patternOf } from './row.ts';

interface Conditions {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
}

const CONDITIONS: Readonly<Record<Comparison, (name: string) => string>> = {
  equal: (name) => `#${name} = :${name}`,
  begins: (name) => `begins_with(#${name}, :${name})`,
  contains: (name) => `contains(#${name}, :${name})`,
};

/** What DynamoDB is to keep of a page by a filter; a repository's name is compared here, as capitals do not count. */
export function conditionsOf(filter: DeliveryFilter): Conditions {
  const all = FILTERS.flatMap((name): Conditions[] => {
    const wanted = filter[name];
    if (wanted === undefined || name === 'repository') return [];
    if (name === 'outcome') return [outcomeCondition(wanted)];
    const { how, text } = patternOf(wanted);
    return [
      { expression: CONDITIONS[how](name), names: { [`#${name}`]: name }, values: { [`:${name}`]: text } },
    ];
  });
  return {
    expression: all.map(({ expression }) => expression).join(' AND '),
    names: Object.assign({}, ...all.map(({ names }) => names)),
    values: Object.assign({}, ...all.map(({ values }) => values)),
  };
}

function outcomeCondition(wanted: string): Conditions {
  const { names, open } = recordedOutcomes(outcomesOf(wanted));
  const values = names.map((name, at) => [`:outcome${at}`, name] as const);
  const parts = [
    ...(names.length > 0 ? [`#outcome IN (${values.map(([key]) => key).join(', ')})`] : []),
    // A running delivery has no outcome yet, or the one of its beginning.
    ...(open ? ['attribute_not_exists(#outcome)', '#outcome = :pending'] : []),
  ];
  return {
    expression: `(${parts.join(' OR ')})`,
    names: { '#outcome': 'outcome' },
    values: { ...Object.fromEntries(values), ...(open ? { ':pending': PENDING } : {}) },
  };
}
