import type { Mutant } from './mutant.ts';
import { pull } from './pull.ts';
import { reconcile } from './reconcile.ts';

const CLAIM = 'test/functions/claim.test.ts';
const DIED = 'test/functions/died.long.test.ts';
const GUARDS = 'test/functions/guards.test.ts';
const INTERLEAVE = 'test/functions/interleave.test.ts';
const LEASE = 'test/functions/shared/lease.test.ts';
const ORDER = 'test/functions/shared/order.test.ts';
const PROVIDERS = 'test/functions/validate/providers.test.ts';
const PULL = 'test/functions/pull/pull.test.ts';
const REFUSALS = 'test/functions/validate/refusals.test.ts';
const STATUSES = 'test/functions/report/statuses.test.ts';
const MACHINE = 'test/statemachine/machine.test.ts';

const signature: readonly Mutant[] = [
  {
    what: 'a wrong signature is valid',
    file: 'events/providers/github/signature.ts',
    text: "matches.includes(true) ? 'valid' : 'wrong'",
    instead: "matches.includes(true) ? 'valid' : 'valid'",
    test: PROVIDERS,
  },
  {
    what: 'only the first of two secrets counts',
    file: 'events/providers/github/signature.ts',
    text: 'matches.includes(true)',
    instead: 'matches[0]',
    test: 'test/events/providers/github/signature.test.ts',
  },
  {
    what: 'a signature is not looked at',
    file: 'functions/shared/verify.ts',
    text: "if (checked === 'valid') return;",
    instead: 'return;',
    test: REFUSALS,
  },
  {
    what: 'a host is taken that is named like a member of every object',
    file: 'functions/shared/verify.ts',
    text: '(Object.hasOwn(hosts, host) ? hosts[host] : undefined)',
    instead: 'hosts[host]',
    test: REFUSALS,
  },
  {
    what: 'a delivery id may hold anything',
    file: 'functions/shared/delivery-record.ts',
    text: '/^[\\w-]{1,100}$/',
    instead: '/^/',
    test: REFUSALS,
  },
  {
    what: 'the name of a repository may begin with a hyphen',
    file: 'events/providers/github/payload.ts',
    text: '(?!\\.+$)[\\w.][\\w.-]*$/',
    instead: '(?!\\.+$)[\\w.-]*$/',
    test: REFUSALS,
  },
  {
    what: 'a secret is kept for an hour',
    file: 'functions/shared/cache.ts',
    text: 'settingLife = 60_000',
    instead: 'settingLife = 3_600_000',
    test: 'test/functions/shared/cache.test.ts',
  },
  {
    what: 'secrets that were read in the second of a webhook are newer than it',
    file: 'functions/shared/verify.ts',
    text: 'CLOCK_MS = 2000',
    instead: 'CLOCK_MS = 0',
    test: 'test/functions/shared/verify.test.ts',
  },
];

const claims: readonly Mutant[] = [
  {
    what: 'everybody claims a delivery',
    file: 'functions/claim/record.ts',
    text: "'attribute_not_exists(id) OR #outcome = :duplicate'",
    instead: "'attribute_not_exists(id) OR #outcome = :duplicate OR attribute_exists(id)'",
    test: CLAIM,
  },
  {
    what: 'several take over what one has failed at',
    file: 'functions/claim/record.ts',
    text: "'executionArn = :from'",
    instead: "'executionArn = :from OR attribute_exists(id)'",
    test: GUARDS,
  },
  {
    what: 'an error of DescribeExecution is a failed execution',
    file: 'functions/shared/executions.ts',
    text: "error.name === 'ExecutionDoesNotExist'",
    instead: 'true',
    test: GUARDS,
  },
  {
    what: 'a running execution is taken over',
    file: 'functions/claim/claim.ts',
    text: 'FAILED_STATUSES.some((failure) => failure === status)',
    instead: 'true',
    test: CLAIM,
  },
  {
    what: 'a commit is Unchanged while a pull is under way',
    file: 'functions/claim/claim.ts',
    text: 'published?.commit !== commit || published.token !== next',
    instead: 'published?.commit !== commit',
    test: CLAIM,
  },
  {
    what: 'a replay is Unchanged',
    file: 'functions/claim/claim.ts',
    text: "route !== 'pull' || replayName !== '' ||",
    instead: "route !== 'pull' ||",
    test: CLAIM,
  },
  {
    what: 'a record expires at once',
    file: 'functions/shared/delivery-record.ts',
    text: '/ 1000) + KEPT_SECONDS',
    instead: '/ 1000) - KEPT_SECONDS',
    test: CLAIM,
  },
  {
    what: 'a key has no rule',
    file: 'functions/shared/delivery-record.ts',
    text: '`${rule}#${host}#${id}#${replayName}`',
    instead: '`#${host}#${id}#${replayName}`',
    test: 'test/functions/validate/validate.test.ts',
  },
  {
    what: 'a key has no replay',
    file: 'functions/shared/delivery-record.ts',
    text: '`${rule}#${host}#${id}#${replayName}`',
    instead: '`${rule}#${host}#${id}#`',
    test: 'test/functions/validate/validate.test.ts',
  },
];

const pointers: readonly Mutant[] = [
  {
    what: 'no second look after the copy',
    file: 'functions/shared/pointer.ts',
    text: 'else await copy(published.key, pointer, found?.etag);',
    instead: 'else return copy(published.key, pointer, found?.etag);',
    test: GUARDS,
  },
  {
    what: 'no If-None-Match of a copy',
    file: 'functions/shared/pointer.ts',
    text: "{ IfNoneMatch: '*' } : { IfMatch: etag }",
    instead: '{} : { IfMatch: etag }',
    test: GUARDS,
  },
  {
    what: 'no If-Match of a copy',
    file: 'functions/shared/pointer.ts',
    text: "{ IfNoneMatch: '*' } : { IfMatch: etag }",
    instead: "{ IfNoneMatch: '*' } : {}",
    test: GUARDS,
  },
  {
    what: 'no If-Match of a removal',
    file: 'functions/shared/pointer.ts',
    text: 'Key: key, IfMatch: etag }',
    instead: 'Key: key }',
    test: GUARDS,
  },
  {
    what: 'the record is read before the object is looked at',
    file: 'functions/shared/pointer.ts',
    text: 'const found = await head(pointer);\n    const { published } = await readRef(pointer);',
    instead: 'const { published } = await readRef(pointer);\n    const found = await head(pointer);',
    test: INTERLEAVE,
  },
  {
    what: 'the pointer is not moved to what is on record',
    file: 'functions/shared/move-pointer.ts',
    text: 'have died before the copy.\n  await repairPointer(pointer);',
    instead: 'have died before the copy.\n  return pointer;',
    test: CLAIM,
  },
  {
    what: 'an earlier look-up is recorded over a later one',
    file: 'functions/shared/ref-record.ts',
    text: "'attribute_not_exists(#published) OR #published.#token < :token'",
    instead: "'attribute_not_exists(#published) OR #published.#token <> :token'",
    test: INTERLEAVE,
  },
  {
    what: 'DynamoDB that does not answer has said that a condition does not hold',
    file: 'functions/shared/dynamo.ts',
    text: "error.name === 'ConditionalCheckFailedException'",
    instead: 'true',
    test: GUARDS,
  },
  {
    what: 'two writers of what the rules took overwrite each other',
    file: 'functions/shared/ref-record.ts',
    text: "'attribute_not_exists(#revision) OR #revision = :revision'",
    instead: "'attribute_not_exists(#revision) OR #revision >= :revision'",
    test: GUARDS,
  },
  {
    what: 'RefRetired although the ref is there again',
    file: 'functions/retire/retire.ts',
    text: "state.pull.outcome === 'gone' && commit === ''",
    instead: "state.pull.outcome === 'gone'",
    test: GUARDS,
  },
  {
    what: 'an artifact is written over the one that stands there',
    file: 'functions/pull/store.ts',
    text: "      IfNoneMatch: '*',\n",
    instead: '',
    test: PULL,
  },
  {
    what: 'an older commit is Published',
    file: 'functions/publish/publish.ts',
    text: 'const isNewest = await recordNewest(state);',
    instead: 'const isNewest = true;',
    test: CLAIM,
  },
];

const starts: readonly Mutant[] = [
  {
    what: 'a lease has ended when it begins',
    file: 'functions/shared/lease.ts',
    text: 'expires: now + LEASE_MS',
    instead: 'expires: now - LEASE_MS',
    test: GUARDS,
  },
  {
    what: 'a start does not wait for the teardown of its branch',
    file: 'functions/start-pipeline/ended.ts',
    text: 'Date.now() < (ends[name]?.until ?? 0)',
    instead: 'Date.now() < 0',
    test: INTERLEAVE,
  },
  {
    what: 'a lease is taken whoever holds it',
    file: 'functions/shared/lease.ts',
    text: "'attribute_not_exists(#lock) OR #lock.expires < :now OR #lock.#owner = :owner'",
    instead: "'attribute_not_exists(#lock) OR #lock.expires < :now OR #lock.#owner <> :none'",
    test: INTERLEAVE,
  },
  {
    what: 'a lease is given back by whoever',
    file: 'functions/shared/lease.ts',
    text: "UpdateExpression: 'REMOVE #lock',\n    ConditionExpression: '#lock.#owner = :owner'",
    instead:
      "UpdateExpression: 'REMOVE #lock',\n    ConditionExpression: '#lock.#owner <> :owner OR #lock.#owner = :owner'",
    test: GUARDS,
  },
  {
    what: 'a start is recorded by whoever',
    file: 'functions/shared/lease.ts',
    text: "'REMOVE #started.#pipeline',\n    ConditionExpression: '#lock.#owner = :owner'",
    instead:
      "'REMOVE #started.#pipeline',\n    ConditionExpression: '#lock.#owner = :owner OR attribute_exists(id)'",
    test: LEASE,
  },
  {
    what: 'an end is recorded by whoever',
    file: 'functions/shared/end-records.ts',
    text: "ConditionExpression: '#lock.#owner = :owner'",
    instead: "ConditionExpression: '#lock.#owner = :owner OR attribute_exists(id)'",
    test: LEASE,
  },
  {
    what: 'a start is not on record before it is made',
    file: 'functions/start-pipeline/start-pipeline.ts',
    text: '  await record(withStart(held, placed, start));\n',
    instead: '',
    test: GUARDS,
  },
  {
    what: 'an older commit is started after a newer one',
    file: 'functions/start-pipeline/start-pipeline.ts',
    text: "if (state.rule.superseded === 'start') return;",
    instead: 'return;',
    test: DIED,
  },
  {
    what: 'a commit is started again by whoever tells of it',
    file: 'functions/start-pipeline/start-pipeline.ts',
    text: 'undone(earlier) || back ? undefined : earlier',
    instead: 'undefined',
    test: CLAIM,
  },
  {
    what: 'a start of another version of the artifact',
    file: 'functions/start-pipeline/pipeline.ts',
    text: "    { actionName, revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: versionId },\n",
    instead: '',
    test: GUARDS,
  },
  {
    what: 'every start has one token',
    file: 'functions/start-pipeline/pipeline.ts',
    text: '.update(`${executionArn} ${pipeline}`)',
    instead: '.update(pipeline)',
    test: GUARDS,
  },
  {
    what: 'a newer commit is the older one',
    file: 'functions/shared/order.ts',
    text: 'return order(one, other) < 0;',
    instead: 'return order(one, other) > 0;',
    test: ORDER,
  },
];

const reports: readonly Mutant[] = [
  {
    what: 'an execution that was taken over reports too',
    file: 'functions/report/record.ts',
    text: "'#executionArn = :executionArn'",
    instead: "'attribute_exists(#executionArn) AND :executionArn = :executionArn'",
    test: CLAIM,
  },
  {
    what: 'a delivery without a pipeline is green before its artifact is there',
    file: 'functions/report/report.ts',
    text: "[PENDING]: ['pending',",
    instead: "[PENDING]: ['success',",
    test: STATUSES,
  },
];

const machine: readonly Mutant[] = [
  {
    what: 'RefBusy is not tried again',
    file: 'statemachine/publish-states.ts',
    text: 'Retry: [lambdaRetry, inProgressRetry, refBusyRetry, teardownRetry]',
    instead: 'Retry: [lambdaRetry, inProgressRetry, teardownRetry]',
    test: MACHINE,
  },
  {
    what: 'a step that is under way is not tried again',
    file: 'statemachine/states.ts',
    text: "ErrorEquals: ['IdempotencyAlreadyInProgressError']",
    instead: 'ErrorEquals: []',
    test: MACHINE,
  },
  {
    what: 'a build that the account has no place for is not tried again',
    file: 'statemachine/pull-build.ts',
    text: 'MaxAttempts: 10',
    instead: 'MaxAttempts: 0',
    test: MACHINE,
  },
  {
    what: 'a host that is away is not waited for',
    file: 'statemachine/pull-again.ts',
    text: '  errors.hostUnreachable,\n',
    instead: '',
    test: 'test/functions/diagnose.test.ts',
  },
];

const local: readonly Mutant[] = [
  {
    what: 'a delivery leaves the queue before its target has it',
    file: 'local/core/disk-queue.ts',
    text: 'const next = await attempt(work);',
    instead: 'await queue.remove(key);\n  const next = await attempt(work);',
    test: 'test/local/core/disk-queue.test.ts',
  },
  {
    what: 'a write is done before it is on disk',
    file: 'local/core/store.ts',
    text: 'overlappingSync: false',
    instead: 'overlappingSync: true',
    test: 'test/local/core/store.test.ts',
  },
  {
    what: 'S3 writes over what If-None-Match protects',
    file: 'local/services/s3/conditions.ts',
    text: "if (IfNoneMatch === '*' && current && !current.deleted) throw failed('If-None-Match');",
    instead: '',
    test: 'test/local/services/s3/objects.test.ts',
  },
  {
    what: 'S3 writes over what If-Match protects',
    file: 'local/services/s3/conditions.ts',
    text: "if (!sameTag(ifMatch, current.etag)) throw failed('If-Match');",
    instead: '',
    test: 'test/local/services/s3/objects.test.ts',
  },
];

// Left out: a record of a ref that is read without ConsistentRead, for the local DynamoDB has one copy, and old answers on
// demand come to no wrong outcome; `<=` for `<` of two look-ups with one token, which writes again what stands there.
export const MUTANTS: readonly Mutant[] = [
  ...signature,
  ...claims,
  ...pointers,
  ...starts,
  ...reports,
  ...machine,
  ...local,
  ...pull,
  ...reconcile,
];
