import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { RuleProblem } from '../../events/rule-problem.ts';
import type { Connection } from '../../operate/connection/connection.ts';
import { answerErrors, readJson } from './answers.ts';
import { deliveryRoutes } from './deliveries.ts';
import { deploymentRoutes } from './deployment.ts';
import { guardHost, guardToken } from './guard.ts';
import { machineRoutes } from './machine.ts';
import { pageRoutes } from './page.ts';
import { replayRoutes } from './replays.ts';
import { ruleRoutes } from './rules.ts';

/** Where the console is served, on whatever port. */
export const CONSOLE_PATH = '/console';

export interface ConsoleOptions {
  /** the deployment that is shown; asked for once, at the first request */
  readonly connection: () => Promise<Connection>;
  /** what the page must know to be answered, so that no other page of the browser can drive it */
  readonly token: string;
  /** the folder of the built page; asked for at every request */
  readonly page: () => Promise<string>;
  /** whether the deployment runs on this machine */
  readonly local: boolean;
  /** what is wrong in the files of rules now; for whoever watches them */
  readonly ruleProblems?: () => readonly RuleProblem[];
}

/** What the routes are made from. */
export interface ConsoleParts extends ConsoleOptions {
  readonly connection: () => Promise<Connection>;
}

/** Serves the console below its path; nothing of it is AWS's, and everything it does goes through AWS's APIs. */
export function mountConsole(app: FastifyInstance, options: ConsoleOptions): void {
  const parts = { ...options, connection: once(options.connection) };
  app.register(
    async (scope) => {
      guardHost(scope);
      answerErrors(scope);
      scope.register(fastifyStatic, { root: '/', serve: false });
      pageRoutes(scope, parts);
      scope.register(async (api) => apiRoutes(api, parts), { prefix: '/api' });
    },
    { prefix: CONSOLE_PATH },
  );
}

function apiRoutes(api: FastifyInstance, parts: ConsoleParts): void {
  guardToken(api, parts.token);
  readJson(api);
  deploymentRoutes(api, parts);
  deliveryRoutes(api, parts);
  machineRoutes(api, parts);
  replayRoutes(api, parts);
  ruleRoutes(api, parts);
}

/** The first answer for all; a failure is not kept. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}
