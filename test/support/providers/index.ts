import type { ProviderName } from '../../../events/providers/index.ts';
import { github } from './github.ts';
import type { ProviderCases } from './provider-cases.ts';

/** What each provider brings to the suites that run against every one. */
export const providerCases: Readonly<Record<ProviderName, ProviderCases>> = { github };
