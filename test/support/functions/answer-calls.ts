import { CodePipelineServiceException } from '@aws-sdk/client-codepipeline';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach } from 'vitest';
import { baseOf } from './around-call.ts';

/** What a call is answered, by the name of its operation: `GetObject`. */
export type Answers = Record<string, (input: Record<string, unknown>) => unknown>;

/** Has the calls of every AWS client in a file answered by the operations that a test puts here, and by no service. */
export function answeredCalls(): Answers {
  const answers: Answers = {};
  const client = baseOf(S3Client.prototype);
  const send: unknown = Reflect.get(client, 'send');
  beforeEach(() => {
    for (const name of Object.keys(answers)) delete answers[name];
    Object.assign(process.env, { AWS_REGION: 'us-east-1' });
    Reflect.set(client, 'send', async (command: object) => {
      const name = command.constructor.name.replace(/Command$/, '');
      const answer = answers[name];
      if (!answer) throw new Error(`${name} has no answer: give it one`);
      return answer(Object(Reflect.get(command, 'input')));
    });
  });
  afterEach(() => void Reflect.set(client, 'send', send));
  return answers;
}

/** An error as an SDK's client throws it. */
export const awsError = (name: string, httpStatusCode = 400): Error =>
  Object.assign(new Error(`${name} it is`), { name, $metadata: { httpStatusCode } });

/** A refusal of CodePipeline. @param attempts how often the SDK has tried */
export const codePipelineError = (name: string, attempts = 1): CodePipelineServiceException =>
  new CodePipelineServiceException({
    ...{ name, message: `${name} it is`, $fault: 'client' },
    $metadata: { httpStatusCode: 400, attempts },
  });
