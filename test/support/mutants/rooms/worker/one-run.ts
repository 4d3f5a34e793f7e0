import { resolve } from 'node:path';
import { startTests, type Task, type Test } from '@vitest/runner';
import { TestRunner, vi } from 'vitest';
import { enter } from './switches.ts';

/** Runs some tests of one file until the first fails, and tells nobody but its caller. */
class OneRun extends TestRunner {
  failed: string | undefined;
  only: ReadonlySet<string> | undefined;

  override async onBeforeRunTask(test: Test): Promise<void> {
    if (this.only && !this.only.has(nameOf(test))) test.mode = 'skip';
    await super.onBeforeRunTask(test);
  }

  override onBeforeTryTask(test: Task): void {
    enter(nameOf(test));
    super.onBeforeTryTask(test);
  }

  override onAfterRunTask(test: Task): void {
    enter(undefined);
    super.onAfterRunTask(test);
    if (test.result?.state !== 'fail') return;
    this.failed ??= nameOf(test);
    this.cancel('test-failure');
  }
}

/**
 * Every module of ours is evaluated anew for it, as in a process of its own.
 * @param host the runner that the worker was started with
 * @returns the first test that failed, or the file where it could not be loaded
 */
export async function runTests(
  host: TestRunner,
  { file, tests }: { file: string; tests?: readonly string[] | undefined },
): Promise<string | undefined> {
  const runner = new OneRun(host.config);
  for (const name of ['moduleRunner', '_otel']) Reflect.set(runner, name, Reflect.get(host, name));
  runner.only = tests && new Set(tests);
  const [environment, folder] = [{ ...process.env }, process.cwd()];
  vi.resetModules();
  // vitest keeps mocks of modules by the worker's own file: they would stay for the files after this one.
  Reflect.get(host, 'moduleRunner').mocker.reset();
  try {
    const [ran] = await startTests([resolve(file)], runner);
    return ran?.result?.state === 'fail' ? (runner.failed ?? file) : undefined;
  } finally {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    vi.resetConfig();
    process.chdir(folder);
    restore(environment);
  }
}

function restore(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}

export function nameOf(test: Task): string {
  const { suite, name } = test;
  return suite && suite !== test.file ? `${nameOf(suite)} > ${name}` : name;
}
