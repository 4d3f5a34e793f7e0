import type { DeploymentAnswer } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { HowItWorks } from '../help/how-it-works.tsx';
import { Copy } from '../parts/copy.tsx';
import { Link } from '../parts/link.tsx';
import { Loading } from '../parts/placeholders.tsx';

/** What a list without any delivery says: how the first one comes. */
export function NothingYet() {
  const { value, failure } = useLive<DeploymentAnswer>('deployment', 0);
  // What came later would move the rest.
  if (!value && !failure) return <Loading what="Loading deliveries" />;
  const address = value?.webhookUrl ?? '';
  return (
    <section className="notice first">
      <h2>No delivery yet</h2>
      <HowItWorks />
      <ol className="first-steps">
        <li>
          Have the git host send its webhooks here, as <code>application/json</code>:{' '}
          <code className="address">{address || '…'}</code>
          {address !== '' && <Copy name="Copy the address" text={address} small />}
          <br />
          <code>hookline hooks create OWNER/NAME</code> sets that up, with the secret.
        </li>
        <li>
          Push. The delivery appears here by itself, and its page shows its way, state by state.
          {value?.local && (
            <>
              {' '}
              On this machine, <code>hookline outputs</code> has a git host to push to.
            </>
          )}
        </li>
        <li>
          <Link to="/rules?view=new">Write a rule</Link> that starts your pipeline.
        </li>
      </ol>
    </section>
  );
}
