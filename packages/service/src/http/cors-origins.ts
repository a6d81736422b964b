import { ConfigError, list, type Parsed } from '../config/environment.ts';
import { originOf } from './origin.ts';

/** The variable of every service that browsers reach. */
export const corsVariables = { CORS_ORIGINS: list('') };

/** The origins whose pages may call. Throws ConfigError for what no browser would send. */
export function corsOrigins({ CORS_ORIGINS: entries }: Parsed<typeof corsVariables>): string[] {
  return entries.map((entry) => {
    if (originOf(entry) === entry) return entry;
    throw new ConfigError(
      `CORS_ORIGINS holds "${entry}"; expected origins as browsers send them, such as ` +
        'https://app.example.com: no path, no closing slash, no *.',
    );
  });
}
