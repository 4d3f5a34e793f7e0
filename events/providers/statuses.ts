import type { WriteStatus } from '../provider.ts';
import { writeStatus as github } from './github/status.ts';
import type { ProviderName } from './index.ts';

/** The function of each provider that writes a commit status. */
export const statuses: Readonly<Record<ProviderName, WriteStatus>> = { github };
