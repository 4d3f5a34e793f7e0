import type { WriteCheck } from '../provider.ts';
import { writeCheck as github } from './github/check.ts';
import type { ProviderName } from './index.ts';

/** The function of each provider that writes a check run, which only an App may. */
export const checks: Readonly<Record<ProviderName, WriteCheck>> = { github };
