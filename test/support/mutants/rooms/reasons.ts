import type { RoomMutant } from './room-mutant.ts';

/** A mutant that no test can find, or need not. */
export interface Reason {
  readonly file: string;
  /** the mutants of which this is the code, as it stands in the file; every code where there is none */
  readonly code?: string;
  /** every replacement where there is none */
  readonly replacement?: string;
  readonly why: string;
}

/** Each stands for every mutant that it fits, wherever in its file. */
export const REASONS: readonly Reason[] = [
  {
    file: 'events/check-runs.ts',
    code: "typeof status === 'object'",
    replacement: 'true',
    why: '`true` and `false` have no member `checks`',
  },
  {
    file: 'functions/claim/record.ts',
    code: 'true',
    replacement: 'false',
    why: 'who is told that the claim it has written is not its own reads it, and finds itself as its holder; the local DynamoDB has one copy, which every read finds',
  },
  {
    file: 'functions/pull/artifact.ts',
    code: '[]',
    replacement: '["Stryker was here"]',
    why: 'there is no artifact at that key',
  },
  {
    file: 'functions/pull/artifact.ts',
    code: 'commit !== id',
    replacement: 'true',
    why: 'an artifact that was looked for before is looked for once more',
  },
  {
    file: 'functions/pull/behind.ts',
    code: "''",
    replacement: '"Stryker was here!"',
    why: 'where no rule gives way, nothing has moved on',
  },
  {
    file: 'functions/pull/export-subst.ts',
    code: "''",
    replacement: '"Stryker was here!"',
    why: 'a file of shallow commits that is not there is an empty one; the others stand for what a pattern that fits always has',
  },
  {
    file: 'functions/pull/export-subst.ts',
    code: '[]',
    replacement: '["Stryker was here"]',
    why: 'every line of `ls-files --stage` has a mode and a path; a path that is not there has no format',
  },
  {
    file: 'functions/pull/fencing-token.ts',
    code: 'Attributes.next?.N',
    replacement: 'Attributes.next.N',
    why: 'ADD makes the number that is not there',
  },
  {
    file: 'functions/pull/git.ts',
    code: "'utf8'",
    replacement: '""',
    why: 'a decoder without a name is one of UTF-8',
  },
  {
    file: 'functions/pull/left-locks.ts',
    code: '{ force: true }',
    replacement: '{}',
    why: 'a git that is still ending may remove its lock between the two calls, which no test can time',
  },
  {
    file: 'functions/pull/left-locks.ts',
    code: 'true',
    replacement: 'false',
    why: 'a lock is removed by another between the two calls, which no test can time',
  },
  {
    file: 'functions/pull/making-lease.ts',
    code: '[]',
    replacement: '["Stryker was here"]',
    why: 'who has no lease gives none back',
  },
  {
    file: 'functions/pull/retry-after.ts',
    code: "''",
    replacement: '"Stryker was here!"',
    why: 'a file that is not there and this text have no such header',
  },
  {
    file: 'functions/pull/retry-after.ts',
    code: 'value === undefined',
    replacement: 'false',
    why: 'undefined is no number, and no date',
  },
  {
    file: 'functions/pull/stand-in.ts',
    code: "'hookline@localhost'",
    replacement: '""',
    why: 'the id of the stand-in is replaced, and nothing else shows whose commit it is',
  },
  {
    file: 'functions/pull/store.ts',
    code: 'Body instanceof Readable',
    replacement: 'true',
    why: 'the body of an object is a stream in Node: its type has those of browsers too',
  },
  {
    file: 'functions/pull/submodule-bounds.ts',
    code: "typeof submodules === 'boolean'",
    replacement: 'false',
    why: '`true` has no member `from`',
  },
  {
    file: 'functions/pull/submodule-bounds.ts',
    code: "'boolean'",
    replacement: '""',
    why: '`true` has no member `from`, whatever it is compared with',
  },
  {
    file: 'functions/pull/submodule-bounds.ts',
    code: '[]',
    replacement: '["Stryker was here"]',
    why: 'the text is no address, and names are not looked for without `from`',
  },
  {
    file: 'functions/pull/submodules.ts',
    code: '!id || !path',
    replacement: '!id && !path',
    why: 'there are both, or neither',
  },
  {
    file: 'functions/pull/submodules.ts',
    code: 'name && member',
    replacement: 'true',
    why: 'a member without a name is one of no path',
  },
  {
    file: 'functions/pull/submodules.ts',
    code: 'name && member',
    replacement: 'name || member',
    why: 'there are both, or neither',
  },
  {
    file: 'functions/pull/tags.ts',
    code: 'id && ref',
    replacement: 'id || ref',
    why: 'there are both, or neither',
  },
  {
    file: 'functions/shared/order.ts',
    code: 'one.atTip > other.token',
    replacement: 'one.atTip >= other.token',
    why: 'a token is of one look-up, and a look-up of one commit: two commits never have the same',
  },
  {
    file: 'functions/shared/order.ts',
    code: 'other.atTip > one.token',
    replacement: 'other.atTip >= one.token',
    why: 'a token is of one look-up, and a look-up of one commit: two commits never have the same',
  },
  {
    file: 'functions/shared/order.ts',
    code: 'later < 0',
    replacement: 'later <= 0',
    why: 'two tellings of one commit with one time and one token know the same of its push',
  },
  {
    file: 'functions/shared/order.ts',
    code: 'one.token < other.token',
    replacement: 'one.token <= other.token',
    why: 'two tellings with one token are of one look-up, and know the same of it',
  },
  {
    file: 'functions/approve/approve.ts',
    code: '{ changed: undefined }',
    why: 'a member that is undefined is one that is missing',
  },
  {
    file: 'functions/approve/approve.ts',
    code: '[]',
    why: 'of the filters that are left open, two names are looked for',
  },
  {
    file: 'functions/claim/claim.ts',
    code: "'problem'",
    why: 'a pipeline without a name has no starts on record, which says the same',
  },
  {
    file: 'functions/claim/claim.ts',
    code: "'problem' in pipeline",
    replacement: 'false',
    why: 'a pipeline without a name has no starts on record, which says the same',
  },
  {
    file: 'functions/shared/started.ts',
    code: 'start.token < gone',
    replacement: 'start.token <= gone',
    why: 'a token is of one look-up, and who found the ref gone starts nothing',
  },
  {
    file: 'functions/publish/publish.ts',
    code: 'state.delivery.pullRequest === undefined',
    replacement: 'false',
    why: 'a ref without a request has no close on record: not to look for one saves a call',
  },
  {
    file: 'functions/record-end/execution.ts',
    code: 'status === undefined',
    replacement: 'false',
    why: 'no status at all is none of those that fail, which is looked at next',
  },
  {
    file: 'functions/reconcile/advertised-refs.ts',
    code: "''",
    why: 'the text before a NUL is there, and a line of another form has no ref, whatever stands for its parts',
  },
  {
    file: 'functions/reconcile/advertised-refs.ts',
    code: '[]',
    why: 'of the parts of a line, the first is not looked at',
  },
  {
    file: 'functions/report/built-by.ts',
    code: "!('name' in pipeline)",
    replacement: 'false',
    why: 'a pipeline without a name has no starts on record, which says the same',
  },
  {
    file: 'functions/shared/own-pipeline-end.ts',
    code: 'state.rule.pipeline?.teardown',
    replacement: 'state.rule.pipeline.teardown',
    why: 'a rule without a pipeline has no pipeline of its own that could end',
  },
  {
    file: 'functions/shared/rules.ts',
    code: '[]',
    why: 'of the filters that are left open, two names are looked for',
  },
  {
    file: 'functions/shared/ref-record.ts',
    code: 'revision + 1',
    why: 'a count that goes down tells one change from the next as well',
  },
  {
    file: 'functions/start-pipeline/branch-pipeline.ts',
    code: 'state.rule.pipeline?.name',
    replacement: 'state.rule.pipeline.name',
    why: 'who is here has a pipeline, as its name was made before',
  },
  {
    file: 'functions/start-pipeline/branch-pipeline.ts',
    code: "''",
    why: 'who is here has a pipeline, as its name was made before',
  },
  {
    file: 'functions/start-pipeline/branch-pipeline.ts',
    code: '[]',
    why: 'a text among the executions has no trigger, as none among none',
  },
  {
    file: 'functions/start-pipeline/ended.ts',
    code: 'gone > pull.token',
    replacement: 'gone >= pull.token',
    why: 'a token is of one look-up, and who found the ref gone starts nothing',
  },
  {
    file: 'functions/start-pipeline/ended.ts',
    code: 'delivery.pullRequest?.number',
    replacement: 'delivery.pullRequest.number',
    why: 'what has a pipeline for each request is a request',
  },
  {
    file: 'functions/start-pipeline/ended.ts',
    code: "rule.pipeline?.each === 'pull-request'",
    replacement: 'true',
    why: 'by the name of a pipeline, the close of a request is on record where each request has its own',
  },
  {
    file: 'functions/start-pipeline/ended.ts',
    code: 'rule.pipeline?.each',
    replacement: 'rule.pipeline.each',
    why: 'who is here has a pipeline, as its name was made before',
  },
  {
    file: 'functions/start-pipeline/pipeline-limit.ts',
    code: "''",
    why: 'who is here has a pipeline, as its name was made before',
  },
  {
    file: 'functions/start-pipeline/pipeline.ts',
    code: "''",
    why: 'CodePipeline answers each start by an id',
  },
  {
    file: 'functions/start-pipeline/template-copy.ts',
    code: 'template.stages?.map',
    why: 'a template in which a source was found has stages',
  },
  {
    file: 'functions/start-pipeline/template-copy.ts',
    code: 'stage.actions?.map',
    why: 'the source was found in the first stage, which has actions',
  },
  {
    file: 'functions/start-pipeline/start-pipeline.ts',
    code: 'pipeline?.each',
    replacement: 'pipeline.each',
    why: 'who is here has a pipeline, as its name was made before',
  },
  {
    file: 'functions/start-pipeline/start-pipeline.ts',
    code: 'pipeline?.variables',
    replacement: 'pipeline.variables',
    why: 'who is here has a pipeline, as its name was made before',
  },
];

export const isExcused = ({ file, code, replacement }: RoomMutant, reasons = REASONS): boolean =>
  reasons.some(
    (reason) =>
      reason.file === file &&
      (reason.code ?? code) === code &&
      (reason.replacement ?? replacement) === replacement,
  );
