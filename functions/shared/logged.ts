import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { unreached } from './unreached.ts';

/** The log of the function that runs; what it logs is data of its own making, never a body or a secret. */
export const logger = new Logger();

/**
 * A handler whose every line of log carries the step and, where it is told of it, the execution, and whose failure is
 * logged by its name.
 * @param step the function's name
 */
export function logged<Output>(
  step: string,
  handle: (event: unknown, context: Context) => Promise<Output>,
): (event: unknown, context: Context) => Promise<Output> {
  return async (event, context) => {
    logger.resetKeys();
    logger.addContext(context);
    logger.appendKeys({ step, executionArn: executionOf(event) });
    try {
      const output = await handle(event, context);
      logger.info('done', outcomeOf(output));
      return output;
    } catch (caught) {
      const error = unreached(caught);
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      logger.error('failed', { errorName: name, errorMessage: message });
      throw error;
    }
  };
}

function executionOf(event: unknown): string | undefined {
  const arn = typeof event === 'object' && event !== null && 'executionArn' in event && event.executionArn;
  return typeof arn === 'string' ? arn : undefined;
}

function outcomeOf(output: unknown): { outcome?: string } {
  const outcome = typeof output === 'object' && output !== null && 'outcome' in output && output.outcome;
  return typeof outcome === 'string' ? { outcome } : {};
}
