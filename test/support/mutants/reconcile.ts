import type { Mutant } from './mutant.ts';

const REFS = 'test/functions/reconcile/refs.test.ts';

/** The guards around what is fetched because a host never sends it again. */
export const reconcile: readonly Mutant[] = [
  {
    what: 'a push is told of while its webhook is under way',
    file: 'functions/reconcile/repository.ts',
    text: 'PATIENCE_MS = 10 * 60_000',
    instead: 'PATIENCE_MS = 0',
    test: REFS,
  },
  {
    what: 'the time of a find is not kept before it is told of',
    file: 'functions/reconcile/repository.ts',
    text: '  if (!dryRun) await keepLook(of, look);\n',
    instead: '',
    test: REFS,
  },
  {
    what: 'the credential goes wherever the host leads',
    file: 'functions/reconcile/advertised-refs.ts',
    text: "redirect: 'manual'",
    instead: "redirect: 'follow'",
    test: REFS,
  },
  {
    what: 'a webhook is sent again while its attempt is under way',
    file: 'functions/reconcile/due-attempts.ts',
    text: 'PAUSE_MS = 10 * 60_000',
    instead: 'PAUSE_MS = 0',
    test: 'test/functions/reconcile/due-attempts.test.ts',
  },
];
