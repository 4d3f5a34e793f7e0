import type { Provider } from '../provider.ts';
import { github } from './github/provider.ts';

/** Every provider by its name. The lists of their other halves do not compile without one for each. */
export const providers = { github } as const satisfies Readonly<Record<string, Provider>>;

export type ProviderName = keyof typeof providers;

/** The names of the providers, one at least. The first is the default. */
export const providerNames = Object.keys(providers) as [ProviderName, ...ProviderName[]];

export const providerNamed = (name: ProviderName): Provider => providers[name];

export const usualProvider: Provider = providerNamed(providerNames[0]);

/** The resource of the door below which each provider has a path of its own. */
export const DOORS = 'webhooks';

/**
 * The path of a provider's door below the stage: `webhooks/<name>`, or `webhooks/<key>/<name>`.
 * @param key the setting `doorKey`, which nobody guesses
 */
export const doorPath = ({ name }: Provider, key?: string): string =>
  [DOORS, ...(key === undefined ? [] : [key]), name].join('/');
