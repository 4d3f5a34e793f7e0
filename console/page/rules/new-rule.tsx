import { useState } from 'react';
import type { DraftRequest, RulesAnswer, SaveAnswer } from '../../api.ts';
import { post } from '../api/client.ts';
import { useLive } from '../api/use-live.ts';
import { DraftTrial } from './draft-trial.tsx';
import { problemAt, problemOfWhole } from './field-problems.ts';
import { Fields } from './fields.tsx';
import { RuleFileText } from './rule-file-text.tsx';
import { useDraft } from './use-draft.ts';

const EMPTY: DraftRequest = {
  name: '',
  description: '',
  event: ['push'],
  repository: '',
  ref: '',
  pipeline: '',
  status: false,
  skipCi: false,
  skipSuperseded: false,
  paths: [],
};

/** A form, and the rule's file that it writes, to be copied. */
export function NewRule() {
  const [draft, setDraft] = useState(EMPTY);
  const { text, problems, failure } = useDraft(draft);
  const { value } = useLive<RulesAnswer>('rules', 0);
  const taken = value?.rules.some(({ name }) => name === draft.name) ?? false;
  const all = taken
    ? [...problems, { path: ['name'], message: `there is a rule ${draft.name} already` }]
    : problems;
  const isValid = draft.name !== '' && all.length === 0 && !failure;
  return (
    <div className="new-rule">
      <Fields
        draft={draft}
        change={(changed) => setDraft((known) => ({ ...known, ...changed }))}
        problemOf={(field) => problemAt(field, all)}
      />
      <RuleFileText
        text={text}
        name={draft.name}
        problem={failure ? `Not written: ${failure.message}` : problemOfWhole(all)}
        valid={isValid}
        save={value?.canSave ? () => save(draft) : undefined}
      />
      <DraftTrial draft={draft} disabled={!isValid} />
    </div>
  );
}

async function save(draft: DraftRequest): Promise<string> {
  const { file } = await post<SaveAnswer>('rules/save', draft);
  return `Saved: ${file}`;
}
