import type { RequestReader } from '../request-reader.ts';
import { requestReader as github } from './github/requests.ts';
import type { ProviderName } from './index.ts';

/** The half of each provider that asks its host about a pull request. */
export const requestReaders: Readonly<Record<ProviderName, RequestReader>> = { github };
