import { useState } from 'react';
import type { RequestAnswer } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { Copy } from '../parts/copy.tsx';
import { visible } from '../parts/format.ts';
import { JsonTree } from '../parts/json-tree.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { Comparison } from './comparison.tsx';

interface Props {
  /** the row's id */
  readonly id: string;
  readonly deliveryId: string;
}

/** The webhook by which a delivery came, read once it is unfolded. */
export function Webhook(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details className="unfolds" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Webhook: payload and headers</summary>
      {open && (
        <div className="unfolds-body">
          <Request {...props} />
        </div>
      )}
    </details>
  );
}

const VIEWS = ['Payload', 'Headers', 'Raw', 'Difference'] as const;
type View = (typeof VIEWS)[number];

function Request({ id, deliveryId }: Props) {
  const { value, failure } = useLive<RequestAnswer>(`deliveries/${encodeURIComponent(id)}/request`, 0);
  const [view, choose] = useState<View>('Payload');
  if (failure) return <p className="state-error">{failure.message}</p>;
  if (!value) return <p className="quiet">Loading the webhook…</p>;
  const { verified, headers, body, curl } = value;
  const payload = parsed(body);
  return (
    <>
      {!verified && <p className="hint">Its signature is not verified: anybody may have sent this.</p>}
      <div className="actions">
        <Copy name="Copy the payload" text={body} />
        <Copy name="Copy as curl" text={curl} />
        <a className="button" download={`${deliveryId || 'payload'}.json`} href={addressOf(body)}>
          Download the payload
        </a>
      </div>
      <Tabs label="What is shown of the webhook" names={VIEWS} chosen={view} choose={choose}>
        {view === 'Payload' && (payload ? <JsonTree value={payload.value} /> : <pre>{visible(body)}</pre>)}
        {view === 'Headers' && <pre>{headers.map(([name, text]) => `${name}: ${text}\n`)}</pre>}
        {view === 'Raw' && <pre>{visible(body)}</pre>}
        {view === 'Difference' && <Comparison payload={payload?.value} />}
      </Tabs>
    </>
  );
}

function parsed(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return undefined;
  }
}

const addressOf = (body: string): string => `data:application/json;charset=utf-8,${encodeURIComponent(body)}`;
