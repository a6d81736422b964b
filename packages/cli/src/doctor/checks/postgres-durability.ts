import type { Check } from '../check.ts';
import { fail, type Problem, skipped, verdict } from '../outcome.ts';
import { answeringDatabase } from '../postgres/of-postgres.ts';

/** What each setting loses while it is off, as PostgreSQL's documentation says. */
const settings = [
  ['fsync', 'a power cut may corrupt the whole database'],
  ['full_page_writes', 'a power cut may leave half-written pages'],
  ['synchronous_commit', 'a crash loses transactions that were acknowledged'],
] as const;

/**
 * What the database has acknowledged is on its disk. All values of synchronous_commit but `off` keep
 * that promise against a crash of this server.
 */
export const postgresDurabilityCheck: Check = {
  name: 'postgres-durability',
  finds: 'fsync, full_page_writes or synchronous_commit off',
  source: 'https://www.postgresql.org/docs/current/runtime-config-wal.html',
  async run(deployment) {
    const survey = await answeringDatabase(deployment);
    if (survey.isCockroach) return skipped('CockroachDB has none of these settings');
    const problems = settings.flatMap(([name, loss]): Problem[] => {
      const value = survey.settings.get(name);
      if (value !== 'off') return [];
      const action = `Set ${name} = on in postgresql.conf, or for the role and the database.`;
      return [fail(`${name} is off: ${loss}`, 'on', action)];
    });
    return verdict(
      problems,
      settings
        .map(([name]) => name)
        .join(', ')
        .concat(' are on'),
    );
  },
};
