import type { Administration } from '../../administration.ts';
import { checkApp } from './check-app.ts';
import { appHooks, hooks } from './hooks.ts';
import { ping } from './ping.ts';
import { push, repository } from './push.ts';
import { checkRequestAccess } from './request-access.ts';
import { senders } from './senders.ts';
import { checkToken } from './token.ts';

export const administration: Administration = {
  hooks,
  appHooks,
  repository,
  push,
  ping,
  checkToken,
  checkApp,
  checkRequestAccess,
  senders,
};
