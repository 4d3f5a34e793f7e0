import type { Administration } from '../provider.ts';
import { administration as github } from './github/administration.ts';
import type { ProviderName } from './index.ts';

/** What an operator does on the hosts of each provider. */
export const administrations: Readonly<Record<ProviderName, Administration>> = { github };
