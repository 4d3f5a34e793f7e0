import type { Administration } from '../../provider.ts';
import { hooks } from './hooks.ts';
import { ping } from './ping.ts';
import { tokenSeen } from './token.ts';

export const administration: Administration = { hooks, ping, tokenSeen };
