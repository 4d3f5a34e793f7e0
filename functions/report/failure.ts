import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { type ErrorName, errors, pullExitStatus } from '../shared/errors.ts';

/** An error as a failed outcome shows it. */
export interface Failure {
  readonly error: string;
  readonly message: string;
}

const buildSchema = z.object({
  Id: z.string(),
  BuildStatus: z.string(),
  Logs: z
    .object({
      GroupName: z.string().optional(),
      StreamName: z.string().optional(),
      DeepLink: z.string().optional(),
    })
    .default({}),
  Phases: z
    .array(z.object({ Contexts: z.array(z.object({ Message: z.string().default('') })).default([]) }))
    .default([]),
});
type Build = z.infer<typeof buildSchema>;

// A failed build is the cause itself or a member of it: Step Functions has shown both.
const causeSchema = z.union([z.object({ Build: buildSchema }).transform(({ Build }) => Build), buildSchema]);

const thrownSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/** The error that led to a failed outcome, by its own name and in its own words. */
export async function failureOf({
  Error: error,
  Cause: cause,
}: {
  Error: string;
  Cause: string;
}): Promise<Failure> {
  const json = parsed(cause);
  const build = causeSchema.safeParse(json);
  if (build.success) return buildFailure(build.data);
  const thrown = thrownSchema.safeParse(json);
  return { error, message: thrown.success ? thrown.data.errorMessage : cause };
}

function parsed(cause: string): unknown {
  try {
    return JSON.parse(cause);
  } catch {
    return undefined;
  }
}

async function buildFailure(build: Build): Promise<Failure> {
  const messages = build.Phases.flatMap(({ Contexts }) => Contexts.map(({ Message }) => Message));
  const status = /exit status (\d+)/.exec(messages.join('\n'))?.[1];
  const error = nameOf(Number(status));
  const said = await lastWords(build.Logs, error).catch(
    (failure) => `its log cannot be read: ${String(failure)}`,
  );
  const ended = messages.filter((message) => message !== '').join('; ');
  const message = said ?? (ended || `it ended as ${build.BuildStatus} and did not say why`);
  return { error, message: `${message} (build ${build.Id}, ${build.Logs.DeepLink ?? 'no log'})` };
}

function nameOf(status: number): ErrorName {
  const names = Object.entries(pullExitStatus) as [ErrorName, number][];
  return names.find(([, known]) => known === status)?.[0] ?? errors.pullFailed;
}

let client: CloudWatchLogsClient | undefined;

/** What the pull wrote about its error: the last line of its log that begins with the error's name. */
async function lastWords(
  { GroupName, StreamName }: Build['Logs'],
  error: ErrorName,
): Promise<string | undefined> {
  if (!GroupName || !StreamName) return undefined;
  client ??= new CloudWatchLogsClient();
  const { events = [] } = await client.send(
    new GetLogEventsCommand({ logGroupName: GroupName, logStreamName: StreamName, limit: 100 }),
  );
  const line = events.findLast(({ message = '' }) => message.startsWith(`${error}: `))?.message;
  return line?.slice(error.length + 2).trim();
}
