import { useState } from 'react';
import type { DraftRequest, RulesAnswer } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { problemAt, problemOfWhole } from './field-problems.ts';
import { Fields } from './fields.tsx';
import { Text } from './text.tsx';
import { useDraft } from './use-draft.ts';

const EMPTY: DraftRequest = {
  name: '',
  description: '',
  event: ['push'],
  repository: '',
  ref: '',
  pipeline: '',
  status: false,
  paths: [],
};

/** A form that writes a rule's file, to be copied. */
export function NewRule() {
  const [wanted, setWanted] = useState(EMPTY);
  const { text, problems, failure } = useDraft(wanted);
  const { value } = useLive<RulesAnswer>('rules', 0);
  const taken = value?.rules.some(({ name }) => name === wanted.name) ?? false;
  const all = taken
    ? [...problems, { path: ['name'], message: `there is a rule ${wanted.name} already` }]
    : problems;
  return (
    <div className="new-rule">
      <Fields
        wanted={wanted}
        change={(changed) => setWanted((known) => ({ ...known, ...changed }))}
        problemOf={(field) => problemAt(field, all)}
      />
      <Text
        text={text}
        name={wanted.name}
        problem={failure ? `Not written: ${failure.message}` : problemOfWhole(all)}
        valid={wanted.name !== '' && all.length === 0 && !failure}
      />
    </div>
  );
}
