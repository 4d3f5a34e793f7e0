import type { AppTokens } from '../app.ts';
import { appTokens as github } from './github/app-tokens.ts';
import type { ProviderName } from './index.ts';

/** The half of each provider by which an App has tokens of its host. */
export const appTokens: Readonly<Record<ProviderName, AppTokens>> = { github };
