import type { Receiver } from '../provider.ts';
import { receiver as github } from './github/receiver.ts';
import type { ProviderName } from './index.ts';

/** The receiving half of each provider. */
export const receivers: Readonly<Record<ProviderName, Receiver>> = { github };
