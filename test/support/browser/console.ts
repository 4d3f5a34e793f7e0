import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa, type Result } from 'execa';
import type { Browser } from 'playwright-core';
import * as z from 'zod';
import type { LocalAccess } from '../../../cli/outputs/local-address.ts';
import { awsEnvironment } from '../aws-cli.ts';
import { type Hookline, type StartOptions, startHookline } from '../hookline.ts';
import { openBrowser, type Visit, type Visitor, visit } from './browser.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** `hookline console` of a stack, by AWS's protocols at an endpoint. */
export const consoleOf = (access: LocalAccess, stack: string, ...more: string[]) =>
  execa(process.execPath, ['cli/hookline.mjs', 'console', '--stack', stack, '--port', '0', ...more], {
    cwd: ROOT,
    env: awsEnvironment(access),
    reject: false,
  });

export interface StackConsole {
  /** its address, with the token */
  readonly url: string;
  /** interrupts it */
  stop(): Promise<Pick<Result, 'exitCode' | 'stderr'>>;
}

const addressSchema = z.object({ consoleUrl: z.url() }).transform(({ consoleUrl }) => consoleUrl);

/** `hookline console` from its address on to its end. */
export async function startConsole(access: LocalAccess, stack: string): Promise<StackConsole> {
  const child = consoleOf(access, stack, '--json');
  const ended = child.then(({ stderr }) => Promise.reject(new Error(`hookline console ended:\n${stderr}`)));
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  const url = addressSchema.parse(JSON.parse(line));
  const stop = async (): Promise<Pick<Result, 'exitCode' | 'stderr'>> => {
    child.kill('SIGINT');
    return child;
  };
  return { url, stop };
}

/** A Hookline and its console in a browser, which is a process of its own and knows it by AWS's protocols alone. */
export interface ConsoleBench {
  readonly hookline: Hookline;
  readonly browser: Browser;
  /** the address of a place in it, `rules?view=new` */
  url(place?: string): string;
  visit(place?: string, visitor?: Visitor): Promise<Visit>;
  close(): Promise<void>;
}

/** @param options what runs in place of events/rules */
export async function openConsole(options: StartOptions = {}): Promise<ConsoleBench> {
  const [hookline, browser] = await Promise.all([startHookline(undefined, options), openBrowser()]);
  const close = () => Promise.all([browser.close(), hookline.remove()]);
  const served = await startConsole(hookline.access, hookline.outputs.stackName).catch(
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
  const url = (place = ''): string => served.url.replace('/console/', `/console/${place}`);
  return {
    hookline,
    browser,
    url,
    visit: (place, visitor) => visit(browser, url(place), visitor),
    close: async () => {
      await served.stop();
      await close();
    },
  };
}
