import * as z from 'zod';

const run = z.object({
  file: z.string(),
  /** the names of the tests to run, of all that the file has where there is none */
  tests: z.array(z.string()).optional(),
  /** how long it may take, in milliseconds */
  limit: z.number(),
});

/** A test file, or some of its tests. */
export type TestRun = z.infer<typeof run>;

export const jobSchema = z.object({
  /** the file that takes what has happened */
  journal: z.string(),
  /** test files of which nobody knows yet what they come to */
  unknown: z.array(run),
  mutants: z.array(z.object({ id: z.string(), runs: z.array(run) })),
});

/** What a worker has to do: paths are from the tree's root. */
export type Job = z.infer<typeof jobSchema>;

const test = z.object({ name: z.string(), mutants: z.array(z.string()) });

export const coverageSchema = z.object({
  file: z.string(),
  /** milliseconds, where no mutant was on */
  took: z.number(),
  /** the first test that failed although no mutant was on */
  failed: z.string().optional(),
  /** the mutants that it comes to outside of a test: a module's own, or a hook's */
  outside: z.array(z.string()),
  tests: z.array(test),
});

/** What a test file comes to. */
export type Coverage = z.infer<typeof coverageSchema>;

export const entrySchema = z.union([
  z.object({ began: z.string(), limit: z.number() }),
  z.object({ coverage: coverageSchema }),
  z.object({ mutant: z.string(), killedBy: z.string().optional() }),
]);

/** A line of the journal: what begins, what a file comes to, what became of a mutant. */
export type Entry = z.infer<typeof entrySchema>;
