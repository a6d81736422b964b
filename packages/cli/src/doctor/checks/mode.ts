import type { Check } from '../check.ts';
import { fail, ok } from '../outcome.ts';

/**
 * The services run in production mode. Elsewhere they derive secrets that are missing, accept
 * those of the examples, and serve their metrics to clients.
 */
export const modeCheck: Check = {
  name: 'mode',
  finds: 'services that do not run with NODE_ENV=production',
  source: '../README.md#configuration',
  async run({ settings }) {
    if (settings.isProduction) return ok('NODE_ENV=production');
    return fail(
      `NODE_ENV is ${settings.get('NODE_ENV') ?? 'not set'}`,
      'production',
      'Set NODE_ENV=production for every service.',
    );
  },
};
