import { useRef, useState } from 'react';
import type { ExplainRequest } from '../../api.ts';
import { type JsonProblem, readJson } from './json.ts';

// The events that have a route of their own, and those that people look up most.
const EVENTS = [
  'push',
  'create',
  'delete',
  'pull_request',
  'ping',
  'check_run',
  'check_suite',
  'deployment',
  'issues',
  'issue_comment',
  'pull_request_review',
  'release',
  'repository',
  'status',
  'workflow_run',
];

interface Props {
  readonly busy: boolean;
  readonly explain: (request: ExplainRequest) => void;
}

/** The field for a webhook's payload, as copied from a git host's page of deliveries. */
export function PastedPayload({ busy, explain }: Props) {
  const [event, setEvent] = useState('push');
  const [host, setHost] = useState('github.com');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<JsonProblem>();
  const area = useRef<HTMLTextAreaElement>(null);
  const ask = (): void => {
    const read = readJson(text);
    setProblem('problem' in read ? read.problem : undefined);
    if ('value' in read) explain({ event, host, payload: read.value });
  };
  return (
    <div className="explain-form pasted">
      <label>
        <span>Event</span>
        <select value={event} onChange={({ target }) => setEvent(target.value)}>
          {EVENTS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        <span>Host</span>
        <input value={host} spellCheck={false} onChange={({ target }) => setHost(target.value.trim())} />
      </label>
      <label className="whole">
        <span>Payload, as JSON</span>
        <textarea
          ref={area}
          rows={12}
          spellCheck={false}
          value={text}
          placeholder='{ "ref": "refs/heads/main", "repository": { "full_name": "acme/site" } }'
          aria-invalid={problem !== undefined}
          aria-describedby="payload-problem"
          onChange={({ target }) => {
            setText(target.value);
            setProblem(undefined);
          }}
        />
      </label>
      <p id="payload-problem" className="whole field-problem reserved" role="alert">
        {problem && <Where problem={problem} area={area} />}
      </p>
      <button type="button" className="main" disabled={text.trim() === '' || !host || busy} onClick={ask}>
        Explain
      </button>
    </div>
  );
}

function Where({
  problem: { line, column, message, offset },
  area,
}: {
  readonly problem: JsonProblem;
  readonly area: { readonly current: HTMLTextAreaElement | null };
}) {
  const show = (): void => {
    area.current?.focus();
    area.current?.setSelectionRange(offset, offset + 1);
  };
  return (
    <>
      This is not JSON: {message}.{' '}
      <button type="button" onClick={show}>
        Line {line}, column {column}
      </button>
    </>
  );
}
