import type { Administration } from '../administration.ts';
import { administration as github } from './github/administration.ts';
import type { ProviderName } from './index.ts';

/** The operator's half of each provider. */
export const administrations: Readonly<Record<ProviderName, Administration>> = { github };
