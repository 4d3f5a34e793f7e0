import '../support/interleave/silence.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { LOG_RETRIES } from '../../functions/diagnose/diagnose.ts';
import { handler } from '../../functions/diagnose/index.ts';
import { lambdaRetry } from '../../statemachine/states.ts';
import { answeredCalls, awsError } from '../support/functions/answer-calls.ts';
import { context } from '../support/functions/validate-aws.ts';

const answers = answeredCalls();
const asked: unknown[] = [];
beforeEach(() => void asked.splice(0));

const logged = (...messages: (string | undefined)[]) => {
  answers.GetLogEvents = (input) => {
    asked.push(input);
    return { events: messages.map((message) => ({ message })) };
  };
};
const LOGS = { GroupName: 'group', StreamName: 'stream', DeepLink: 'https://logs' };
const exit = (status: number) => `Error while executing command: node pull.js. Reason: exit status ${status}`;
const built = (build: object, ...contexts: string[]) => {
  const Phases = [
    { PhaseType: 'BUILD', PhaseStatus: 'FAILED', Contexts: contexts.map((Message) => ({ Message })) },
  ];
  return { Id: 'pull:1', BuildStatus: 'FAILED', Logs: LOGS, Phases, ...build };
};
const diagnose = (cause: unknown, name = 'States.TaskFailed', retries?: number) =>
  handler(
    {
      retries,
      state: { pullError: { Error: name, Cause: typeof cause === 'string' ? cause : JSON.stringify(cause) } },
    },
    context,
  );

describe('a build that failed', () => {
  it('says what its program has logged last of its error, whichever form Step Functions shows it in', async () => {
    for (const cause of [built({}, exit(73)), { Build: built({}, exit(73)) }]) {
      logged(
        'RepositoryMissing: before',
        undefined,
        'x RepositoryMissing: y',
        'RepositoryMissing:  no acme/app \n',
        'end',
      );
      expect(await diagnose(cause)).toMatchObject({
        ...{ Error: 'RepositoryMissing', Cause: 'no acme/app (build pull:1, https://logs)', again: false },
      });
    }
    expect(asked).toEqual(Array(2).fill({ logGroupName: 'group', logStreamName: 'stream', limit: 100 }));
  });

  it('says what CodeBuild says of its phases where the program has logged nothing', async () => {
    logged();
    expect(await diagnose(built({}, '', 'one', 'two'))).toMatchObject({
      ...{ Error: 'PullFailed', Cause: 'one; two (build pull:1, https://logs)' },
    });
    answers.GetLogEvents = () => ({});
    expect((await diagnose(built({}, exit(71)))).Cause).toBe(`${exit(71)} (build pull:1, https://logs)`);
    expect((await diagnose(built({ BuildStatus: 'STOPPED', Phases: [{}, { Contexts: [{}] }] }))).Cause).toBe(
      'it ended as STOPPED and did not say why (build pull:1, https://logs)',
    );
    expect((await diagnose({ Id: 'pull:2', BuildStatus: 'FAILED' })).Cause).toBe(
      'it ended as FAILED and did not say why (build pull:2, no log)',
    );
  });

  it('has no log that could be read without its group and its stream', async () => {
    logged('PullFailed: never read');
    for (const missing of ['GroupName', 'StreamName'])
      expect((await diagnose(built({ Logs: { ...LOGS, [missing]: undefined } }, 'said'))).Cause).toContain(
        'said (',
      );
    expect(asked).toEqual([]);
  });

  it('says why its log cannot be read', async () => {
    answers.GetLogEvents = () => Promise.reject(awsError('AccessDeniedException'));
    expect((await diagnose(built({}, exit(73)))).Cause).toBe(
      'its log cannot be read: AccessDeniedException: AccessDeniedException it is (build pull:1, https://logs)',
    );
  });

  it.each(['ThrottlingException', 'ServiceUnavailableException'])(
    'is asked for again where its log cannot be read just now: %s',
    async (name) => {
      answers.GetLogEvents = () => Promise.reject(awsError(name));
      expect(lambdaRetry.ErrorEquals).toContain(name);
      for (const retries of [0, LOG_RETRIES - 1])
        await expect(diagnose(built({}, exit(75)), 'States.TaskFailed', retries)).rejects.toMatchObject({
          name,
        });
      // In the end the delivery is pulled again by what is known of the build, or fails by it.
      expect(await diagnose(built({}, exit(75)), 'States.TaskFailed', LOG_RETRIES)).toMatchObject({
        Error: 'HostUnreachable',
        Cause: expect.stringContaining(`its log cannot be read: ${name}`),
        again: true,
      });
      expect(await diagnose(built({}, exit(73)), 'States.TaskFailed', LOG_RETRIES)).toMatchObject({
        Error: 'RepositoryMissing',
        again: false,
      });
    },
  );

  it('is asked for again where no service answers', async () => {
    answers.GetLogEvents = () => Promise.reject(Object.assign(awsError('Error'), { code: 'ECONNREFUSED' }));
    await expect(diagnose(built({}, exit(70)), 'States.TaskFailed', 0)).rejects.toMatchObject({
      name: 'ServiceUnavailable',
    });
  });

  it('is asked for again where its log does not have the error yet that its program has named', async () => {
    logged('Cloning');
    await expect(diagnose(built({}, exit(70)), 'States.TaskFailed', 0)).rejects.toMatchObject({
      name: 'TimeoutError',
      message: 'the log of build pull:1 does not have its error yet',
    });
    expect(lambdaRetry.ErrorEquals).toContain('TimeoutError');
    for (const ended of [
      [built({}, exit(70)), LOG_RETRIES],
      [built({}, exit(137)), 0],
      [built({}, exit(1)), 0],
      [built({ BuildStatus: 'FAULT' }), 0],
      [built({ Logs: {} }, exit(70)), 0],
    ] as const)
      expect(await diagnose(ended[0], 'States.TaskFailed', ended[1])).toHaveProperty('Error');
    logged('PullFailed: SlowDown: later');
    expect(await diagnose(built({}, exit(70)), 'States.TaskFailed', 0)).toMatchObject({ again: true });
  });

  it('says in the end why its log cannot be read: the machine asks more often', () => {
    expect(lambdaRetry.MaxAttempts).toBeGreaterThan(LOG_RETRIES);
  });

  it.each([
    'ServiceException: Lambda failed',
    'ResourceNotReadyException: the function is being made ready',
    'Sandbox.Timedout: the token was not minted in time',
    'Runtime.ExitError: the function ended',
  ])('is made again where a function that it called may do it later: %s', async (said) => {
    logged(`PullFailed: ${said}`);
    expect(await diagnose(built({}, exit(70)), 'States.TaskFailed')).toMatchObject({ again: true });
  });

  it('is not asked for again where its log cannot be read for good', async () => {
    answers.GetLogEvents = () => Promise.reject(awsError('ResourceNotFoundException'));
    expect((await diagnose(built({}, exit(73)), 'States.TaskFailed', 0)).Cause).toContain(
      'its log cannot be read: ResourceNotFoundException',
    );
  });

  it.each([
    [137, 'BuildKilled'],
    [143, 'BuildKilled'],
    [70, 'PullFailed'],
    [90, 'MergeConflict'],
    [1, 'PullFailed'],
  ])('with the exit status %i is %s', async (status, name) => {
    logged();
    expect((await diagnose(built({}, 'before', exit(status), 'after'))).Error).toBe(name);
  });

  it('that waited in the queue until its time was up is told from one that took too long', async () => {
    logged();
    const of = async (PhaseType: string, PhaseStatus: string) =>
      (await diagnose(built({ BuildStatus: 'TIMED_OUT', Phases: [{ PhaseType, PhaseStatus }, {}] }))).Error;
    expect(await of('QUEUED', 'TIMED_OUT')).toBe('BuildLimit');
    expect(await of('QUEUED', 'SUCCEEDED')).toBe('PullFailed');
    expect(await of('BUILD', 'TIMED_OUT')).toBe('PullFailed');
  });
});

describe('a build that failed before its program ran', () => {
  const failedIn = (PhaseType: string, Message: string, StatusCode = 'CLIENT_ERROR') =>
    built({
      Phases: [
        { PhaseType: 'SUBMITTED' },
        { PhaseType, PhaseStatus: 'FAILED', Contexts: [{ StatusCode, Message }] },
      ],
    });
  beforeEach(() => logged());

  it.each<[string, string, string?]>([
    ['PROVISIONING', "Unable to pull customer's container image", 'BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE'],
    ['DOWNLOAD_SOURCE', 'RequestError: send request failed: read: connection reset by peer'],
    ['INSTALL', 'InternalError: the runtime could not be installed'],
  ])('is a fault of CodeBuild, of which it says what it knows: %s', async (phase, message, code) => {
    expect(await diagnose(failedIn(phase, message, code))).toMatchObject({
      Error: 'BuildFault',
      Cause: expect.stringMatching(new RegExp(`AWS Health Dashboard.*: ${message} \\(build pull:1`)),
      again: true,
    });
  });

  it.each<[string, string, string?]>([
    ['DOWNLOAD_SOURCE', 'AccessDenied: Access Denied status code: 403'],
    ['PROVISIONING', 'Unexpected EC2 error: UnauthorizedOperation', 'VPC_CLIENT_ERROR'],
    ['SUBMITTED', 'Service role does not allow AWS CodeBuild to create logs', 'ACCESS_DENIED'],
    [
      'DOWNLOAD_SOURCE',
      'This build image requires selecting at least one runtime version',
      'YAML_FILE_ERROR',
    ],
    ['DOWNLOAD_SOURCE', 'NoSuchKey: The specified key does not exist'],
  ])('stays as it is where a setting has to change: %s, %s', async (phase, message, code) => {
    expect(await diagnose(failedIn(phase, message, code))).toMatchObject({
      Error: 'PullFailed',
      Cause: `${message} (build pull:1, https://logs)`,
      again: false,
    });
  });

  it('has no log, so that none is read', async () => {
    await diagnose(failedIn('DOWNLOAD_SOURCE', 'AccessDenied: Access Denied'));
    expect(asked).toEqual([]);
  });

  it('is told from one whose program failed, and from one that was stopped', async () => {
    expect((await diagnose(failedIn('BUILD', exit(73)))).Error).toBe('RepositoryMissing');
    expect((await diagnose(failedIn('POST_BUILD', 'words'))).Error).toBe('PullFailed');
    const Phases = [{ PhaseType: 'PROVISIONING', PhaseStatus: 'STOPPED' }];
    expect((await diagnose(built({ BuildStatus: 'STOPPED', Phases }))).Error).toBe('PullFailed');
  });

  it('has lost its container for want of memory', async () => {
    const dead =
      'Build container found dead before completing the build. Build container died because it was out of memory, or the Docker image is not supported. ErrorCode: 500';
    expect(await diagnose(failedIn('BUILD', dead, 'INTERNAL_ERROR'))).toMatchObject({
      Error: 'BuildKilled',
      Cause: expect.stringContaining('compute: ec2'),
      again: true,
    });
  });
});

describe('what is no build', () => {
  it('but its time is up, has waited in the queue of CodeBuild', async () => {
    expect(await diagnose('', 'States.Timeout')).toMatchObject({
      Error: 'BuildLimit',
      Cause: expect.stringMatching(/^CodeBuild takes no more builds .*waited in the queue.*L-1DFDD5F9/),
      again: true,
    });
  });

  it('keeps its name, and says what a function threw, or its cause', async () => {
    const thrown = { errorType: 'X', errorMessage: 'in words' };
    expect(await diagnose(thrown, 'Misconfigured')).toMatchObject({
      Error: 'Misconfigured',
      Cause: 'in words',
    });
    expect(await diagnose('as it is', 'States.Runtime')).toMatchObject({
      Error: 'States.Runtime',
      Cause: 'as it is',
    });
    expect(await handler({ state: { pullError: { Error: 'States.Runtime' } } }, context)).toMatchObject({
      Cause: '',
    });
  });

  it('is the limit of builds by CodeBuild’s own name alone', async () => {
    const name = 'CodeBuild.AccountLimitExceededException';
    const said = await diagnose('Cannot have more than 3 builds', name);
    expect([said.Error, said.Cause]).toEqual([
      'BuildLimit',
      expect.stringMatching(
        /^CodeBuild takes no more builds of this account \(Cannot have more than 3 builds\); raise /,
      ),
    ]);
    expect((await diagnose('x', `Other.${name}`)).Error).toBe(`Other.${name}`);
  });
});
