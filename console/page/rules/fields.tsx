import { useState } from 'react';
import type { DraftRequest } from '../../api.ts';

interface Props {
  readonly draft: DraftRequest;
  readonly change: (changed: Partial<DraftRequest>) => void;
  readonly problemOf: (field: keyof DraftRequest) => string;
}

/** The form's fields: the few members in which most rules differ. */
export function Fields({ draft, change, problemOf }: Props) {
  const text = (field: 'name' | 'description' | 'repository' | 'ref' | 'pipeline') => ({
    field,
    problem: problemOf(field),
    value: draft[field],
    write: (value: string) => change({ [field]: value }),
  });
  const list = (field: 'event' | 'paths') => ({
    field,
    problem: problemOf(field),
    value: draft[field].join(', '),
    write: (value: string) => change({ [field]: value.split(',').map((item) => item.trim()) }),
  });
  return (
    <form className="fields" onSubmit={(event) => event.preventDefault()}>
      <Field {...text('name')} label="Name" hint="lower-case letters, digits and hyphens, as acme-main" />
      <Field {...text('description')} label="Description" hint="what it is for" />
      <Field {...list('event')} label="Events" hint="as push, create; none for every event" />
      <Field {...text('repository')} label="Repository" hint="acme/site, or acme/* for all of an owner" />
      <Field {...text('ref')} label="Ref" hint="main or tag v1; release/* for all that begin so" />
      <Field
        {...text('pipeline')}
        label="Pipeline"
        hint="the CodePipeline to start; none for an artifact only"
      />
      <Field
        {...list('paths')}
        label="Paths"
        hint="as docs/**, src/*.ts; only pushes that change one of them"
      />
      <label className="choice">
        <input
          type="checkbox"
          checked={draft.status}
          onChange={({ target }) => change({ status: target.checked })}
        />
        <span>Write commit statuses</span>
      </label>
      <label className="choice">
        <input
          type="checkbox"
          checked={draft.skipCi}
          onChange={({ target }) => change({ skipCi: target.checked })}
        />
        <span>Leave out commits that say [skip ci]</span>
      </label>
      <label className="choice">
        <input
          type="checkbox"
          checked={draft.skipSuperseded}
          onChange={({ target }) => change({ skipSuperseded: target.checked })}
        />
        <span>Make no artifact of a push that a newer one follows at once</span>
      </label>
    </form>
  );
}

interface FieldProps {
  readonly field: string;
  readonly label: string;
  readonly hint: string;
  readonly problem: string;
  readonly value: string;
  readonly write: (value: string) => void;
}

/** A text field. The field shows the typed text as it is, also spaces and empty list items, which the rule does not get. */
function Field({ field, label, hint, problem, value, write }: FieldProps) {
  const [text, setText] = useState(value);
  const id = `rule-${field}`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        value={text}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        aria-invalid={problem !== ''}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => {
          setText(target.value);
          write(target.value);
        }}
      />
      <p id={`${id}-hint`} className={problem ? 'field-problem' : 'hint'} role="status">
        {problem || hint}
      </p>
    </div>
  );
}
