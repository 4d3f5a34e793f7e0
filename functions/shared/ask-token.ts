import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { MintedToken, WantedToken } from '../../events/app.ts';
import { type ErrorName, errors, HooklineError } from './errors.ts';

const mintedSchema = z.object({ token: z.string().min(1), expiresAt: z.string() });
const failureSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

let client: LambdaClient | undefined;

/**
 * Asks a function for a token, which only the function can mint: the App's key stays there. Throws what the function
 * threw, by its name.
 */
export async function askToken(
  FunctionName: string,
  host: string,
  wanted: WantedToken,
): Promise<MintedToken> {
  client ??= new LambdaClient();
  const Payload = JSON.stringify({ host, ...wanted });
  const answer = await client.send(new InvokeCommand({ FunctionName, Payload }));
  const value: unknown = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
  if (answer.FunctionError === undefined) return mintedSchema.parse(value);
  const { errorType, errorMessage } = failureSchema.parse(value);
  const name = Object.values(errors).find((one): one is ErrorName => one === errorType);
  throw new HooklineError(name ?? errors.pullFailed, `${name ? '' : `${errorType}: `}${errorMessage}`);
}
