import { useCallback, useEffect, useState } from 'react';
import type { ExplainRequest, Explanation } from '../../api.ts';
import { useAddress } from '../address.ts';
import { Failure, post } from '../api/client.ts';
import { DeliveryChoice } from './delivery-choice.tsx';
import { Explanations } from './explanations.tsx';
import { PastedPayload } from './pasted-payload.tsx';

type Source = 'delivery' | 'payload';

/** Explains, for each rule, why it matches a delivery or a pasted payload or why not. */
export function Explain() {
  const given = useAddress().searchParams.get('delivery');
  const [source, setSource] = useState<Source>('delivery');
  const { explanations, failure, busy, explain, forget } = useExplanation();
  useEffect(() => {
    if (given) void explain({ delivery: given });
  }, [given, explain]);
  const choose = (to: Source): void => {
    setSource(to);
    forget();
  };
  return (
    <>
      <p className="lead">
        EventBridge itself is asked for every condition, alone and together. What follows a match is decided
        as the machine decides it, with the rules as they are now.
      </p>
      <fieldset className="box">
        <legend>What to explain</legend>
        <div className="sources">
          <Choice
            name="A recent delivery"
            checked={source === 'delivery'}
            choose={() => choose('delivery')}
          />
          <Choice name="A payload" checked={source === 'payload'} choose={() => choose('payload')} />
        </div>
        {source === 'delivery' ? (
          <DeliveryChoice given={given} busy={busy} explain={explain} />
        ) : (
          <PastedPayload busy={busy} explain={explain} />
        )}
      </fieldset>
      <div role="status">{failure && <p className="field-problem">{failure.message}</p>}</div>
      {explanations && <Explanations explanations={explanations} />}
    </>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly checked: boolean;
  readonly choose: () => void;
}

function Choice({ name, checked, choose }: ChoiceProps) {
  return (
    <label className="choice">
      <input type="radio" name="source" checked={checked} onChange={choose} />
      {name}
    </label>
  );
}

function useExplanation() {
  const [state, setState] = useState<{
    readonly explanations?: readonly Explanation[];
    readonly failure?: Failure;
    readonly busy: boolean;
  }>({ busy: false });
  const explain = useCallback(async (request: ExplainRequest): Promise<void> => {
    setState((known) => ({ ...known, busy: true }));
    try {
      setState({ explanations: await post<Explanation[]>('rules/explain', request), busy: false });
    } catch (error) {
      const failure = error instanceof Failure ? error : new Failure(String(error), 0);
      setState({ failure, busy: false });
    }
  }, []);
  return { ...state, explain, forget: () => setState({ busy: false }) };
}
