import { type PipelineStatus, pipelineStatusSchema } from '../../events/pipeline-status.ts';
import { pipelineWord } from '../format.ts';

/** The words for what has become of a pipeline execution. */
export const PIPELINE_WORDS: readonly string[] = pipelineStatusSchema.options.map(pipelineWord);

/** The status that a word stands for, in any case. @throws for an unknown word, with the known ones */
export function statusOfWord(word: string): PipelineStatus {
  const found = pipelineStatusSchema.options.find((status) =>
    [status.toLowerCase(), pipelineWord(status)].includes(word.toLowerCase()),
  );
  if (found) return found;
  throw new Error(
    `no pipeline execution is ${JSON.stringify(word)}: write one of ${PIPELINE_WORDS.join(', ')}`,
  );
}
