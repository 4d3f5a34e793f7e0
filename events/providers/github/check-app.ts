import * as z from 'zod';
import type { Administration, TokenResult } from '../../administration.ts';
import { HostRefused } from '../../request-reader.ts';
import { ask, installationOf, missingOf } from './app-tokens.ts';

const appSchema = z.looseObject({ slug: z.string(), permissions: z.record(z.string(), z.string()) });

/** Asks the host whether the App has its key and its permissions, and is installed where it is needed. */
export const checkApp: Administration['checkApp'] = async (address, app, { repository, uses }) => {
  try {
    const { slug, permissions } = appSchema.parse(await ask(address, app, 'GET /app'));
    const known = `it is ${slug}`;
    const missing = missingOf(permissions, uses);
    if (missing.length > 0)
      return failed(
        `${known}, and lacks the permission ${missing.join(', ')}`,
        "give the permission on the App's page, and accept it where the App is installed",
      );
    if (repository === undefined)
      return ok(
        `${known}, and may do what the rules ask for; where it is installed is tried once a delivery came`,
      );
    const installed = await installationOf(address, app, repository);
    if (installed.suspended_at)
      return failed(`${known}, and is suspended for ${repository}`, 'end that in the settings of its owner');
    const unaccepted = missingOf(installed.permissions, uses);
    if (unaccepted.length > 0)
      return failed(
        `${known}, and the owner of ${repository} has not accepted ${unaccepted.join(', ')}`,
        'have the owner accept the new permissions, in the settings of the installed App',
      );
    return ok(`${known}, is installed for ${repository}, and may do what the rules ask for`);
  } catch (error) {
    if (error instanceof HostRefused) return failed(error.message, 'do what the message says');
    throw error;
  }
};

const ok = (message: string): TokenResult => ({ result: 'ok', message });
const failed = (message: string, advice: string): TokenResult => ({ result: 'failed', message, advice });
