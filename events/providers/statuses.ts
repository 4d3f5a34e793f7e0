import type { WriteStatus } from '../provider.ts';
import { writeStatus as github } from './github/status.ts';
import type { ProviderName } from './index.ts';

/** What writes a commit status to the hosts of each provider. */
export const statuses: Readonly<Record<ProviderName, WriteStatus>> = { github };
