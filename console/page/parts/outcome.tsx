import { pipelineWord } from './format.ts';
import { Mark } from './mark.tsx';
import { type Tone, toneOf, wordsOf } from './outcome-words.ts';

export function Outcome({ outcome }: { readonly outcome: string }) {
  const tone = toneOf(outcome);
  return (
    <span className={`outcome ${tone}`}>
      <Mark tone={tone} />
      {wordsOf(outcome)}
    </span>
  );
}

const RESULTS: Readonly<Record<string, Tone>> = { InProgress: 'busy', Succeeded: 'good', Failed: 'bad' };

/** What has become of the pipeline that a delivery started, beside its outcome; nothing where no record tells of it. */
export function PipelineResult({ status }: { readonly status: string }) {
  if (status === '') return null;
  const words = `pipeline ${pipelineWord(status)}`;
  return (
    <span role="img" className="pipeline-result" aria-label={words} title={words}>
      <Mark tone={RESULTS[status] ?? 'warn'} />
    </span>
  );
}
