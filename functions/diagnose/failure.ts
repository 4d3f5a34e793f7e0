import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { type ErrorName, errors, pullExitStatus } from '../shared/errors.ts';
import { isPassingOfAws } from '../shared/may-pass.ts';
import { messageOf, parsed } from '../shared/thrown.ts';
import { unreached } from '../shared/unreached.ts';

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
    .array(
      z.object({
        PhaseType: z.string().default(''),
        PhaseStatus: z.string().default(''),
        Contexts: z
          .array(z.object({ StatusCode: z.string().default(''), Message: z.string().default('') }))
          .default([]),
      }),
    )
    .default([]),
});
type Build = z.infer<typeof buildSchema>;

// A failed build is the cause itself or a member of it: Step Functions has shown both.
const causeSchema = z.union([z.object({ Build: buildSchema }).transform(({ Build }) => Build), buildSchema]);

/**
 * The error that led to a failed outcome, by its own name and in its own words.
 * @param asksAgain whether the machine asks again where the build's log cannot be read just now: that is thrown then
 */
export async function failureOf(
  { Error: error, Cause: cause }: { Error: string; Cause: string },
  asksAgain: boolean,
): Promise<Failure> {
  const json = parsed(cause);
  const build = causeSchema.safeParse(json);
  if (build.success) return buildFailure(build.data, asksAgain);
  const message = messageOf(cause);
  // The time of a build itself is up before that of the state: it was not begun for an hour at least.
  if (error === 'States.Timeout') return { error: errors.buildLimit, message: LIMIT_OF_QUEUE };
  if (/^CodeBuild\.AccountLimitExceeded/.test(error))
    return { error: errors.buildLimit, message: overLimit(message) };
  return { error, message };
}

// The quota's code is that of Lambda compute of 2 GB, which the pull uses; a new account has none.
const overLimit = (said: string): string =>
  `CodeBuild takes no more builds of this account (${said}); raise "Concurrently running builds for Linux Lambda" (L-1DFDD5F9), or for a rule with \`compute: ec2\` "Concurrently running builds for Linux/Small environment", in Service Quotas: it may be 0 in a new account`;

const LIMIT_OF_QUEUE = overLimit('it waited in the queue until its time was up');

async function buildFailure(build: Build, asksAgain: boolean): Promise<Failure> {
  const messages = contextsOf(build).flatMap(({ Message }) => (Message === '' ? [] : [Message]));
  const status = Number(/exit status (\d+)/.exec(messages.join('\n'))?.[1]);
  const error = failureWithoutProgram(build, status) ?? nameOf(status);
  const said = endedBefore(build) ? undefined : await lastWords(build, error, asksAgain);
  if (said === undefined && asksAgain && isWritten(build, status)) throw late(build);
  const advice = ADVICE[error] ?? (build.BuildStatus === 'TIMED_OUT' ? TIME_UP : []);
  const ended = [advice, messages.join('; ') || []].flat().join(': ');
  const message = said ?? (ended || `it ended as ${build.BuildStatus} and did not say why`);
  return { error, message: `${message} (build ${build.Id}, ${build.Logs.DeepLink ?? 'no log'})` };
}

const contextsOf = ({ Phases }: Build) => Phases.flatMap(({ Contexts }) => Contexts);

const lastWords = (build: Build, error: ErrorName, asksAgain: boolean): Promise<string | undefined> =>
  lastErrorLine(build.Logs, error).catch((caught) => {
    const failure = unreached(caught);
    if (asksAgain && isPassingOfAws(failure)) throw failure;
    return `its log cannot be read: ${String(failure)}`;
  });

/** Whether the program has ended by an error that it names, which it has then written into its log. */
const isWritten = ({ Logs }: Build, status: number): boolean =>
  Logs.GroupName !== undefined &&
  Logs.StreamName !== undefined &&
  Object.values(pullExitStatus).includes(status);

/** CloudWatch shows a line some seconds after it was written. By this name the machine asks again. */
const late = ({ Id }: Build): Error =>
  Object.assign(new Error(`the log of build ${Id} does not have its error yet`), { name: 'TimeoutError' });

/** What a build ended of that its program cannot tell. */
const ADVICE: Readonly<Partial<Record<ErrorName, string>>> = {
  [errors.buildKilled]:
    'the build was killed, as happens when it has no memory left; if it happens again, give the rule `pull: { compute: ec2 }`',
  [errors.buildFault]:
    'CodeBuild failed to carry out the build; see the AWS Health Dashboard if it happens again',
  [errors.buildLimit]: LIMIT_OF_QUEUE,
};

const TIME_UP =
  'the build did not end in its time, which is 15 min on Lambda compute; give the rule `pull: { compute: ec2 }`, where it is 60 min';

// 128 and the number of SIGKILL or SIGTERM
const KILLED = [137, 143];
const LOST = /container found dead/i;

/** The phases before that in which the program runs. */
const BEFORE = ['SUBMITTED', 'QUEUED', 'PROVISIONING', 'DOWNLOAD_SOURCE', 'INSTALL', 'PRE_BUILD'];

/** What stays until somebody changes a grant, or deploys the program or the buildspec again. */
const STAYS = /access_?denied|unauthorized|not authorized|yaml_file_error|buildspec|NoSuch(Key|Bucket)/i;

function failureWithoutProgram(build: Build, status: number): ErrorName | undefined {
  if (build.BuildStatus === 'FAULT') return errors.buildFault;
  const waited = build.Phases.some(
    ({ PhaseType, PhaseStatus }) => PhaseType === 'QUEUED' && PhaseStatus === 'TIMED_OUT',
  );
  if (waited) return errors.buildLimit;
  const said = contextsOf(build).map(({ StatusCode, Message }) => `${StatusCode}: ${Message}`);
  if (KILLED.includes(status) || said.some((each) => LOST.test(each))) return errors.buildKilled;
  return endedBefore(build) && !said.some((each) => STAYS.test(each)) ? errors.buildFault : undefined;
}

/** Whether a build failed before its program ran. */
const endedBefore = ({ Phases }: Build): boolean =>
  Phases.some(({ PhaseType, PhaseStatus }) => BEFORE.includes(PhaseType) && PhaseStatus === 'FAILED');

function nameOf(status: number): ErrorName {
  const names = Object.entries(pullExitStatus) as [ErrorName, number][];
  return names.find(([, known]) => known === status)?.[0] ?? errors.pullFailed;
}

let client: CloudWatchLogsClient | undefined;

/** What the pull wrote about its error: the last line of its log that begins with the error's name. */
async function lastErrorLine(
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
