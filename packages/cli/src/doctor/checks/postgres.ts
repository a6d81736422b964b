import type { Check } from '../check.ts';
import { fail, type Problem, verdict } from '../outcome.ts';

/** The database answers, takes writes, and begins the transactions that the services use. */
export const postgresCheck: Check = {
  name: 'postgres',
  finds: 'a database that does not answer, takes no writes, or begins no SERIALIZABLE transaction',
  source: 'https://www.postgresql.org/docs/current/transaction-iso.html',
  async run(deployment) {
    const survey = await deployment.database();
    if (survey.reason !== undefined) {
      return fail(
        survey.reason,
        'an answer of the database in DATABASE_URL',
        'Start it, or correct DATABASE_URL.',
      );
    }
    const problems: Problem[] = [];
    const isReadOnly = survey.settings.get('default_transaction_read_only') === 'on';
    if (survey.isInRecovery || isReadOnly) {
      problems.push(
        fail(
          survey.isInRecovery
            ? 'the server is in recovery: a standby'
            : 'transactions are read-only',
          'a primary that takes writes',
          'Name the primary in DATABASE_URL, and reset default_transaction_read_only.',
        ),
      );
    }
    if (survey.serializableReason !== undefined) {
      problems.push(
        fail(
          `no SERIALIZABLE transaction: ${survey.serializableReason}`,
          'SERIALIZABLE, which keeps concurrent changes apart',
          'Use PostgreSQL itself, or a pooler with pool_mode transaction (docs/operations.md).',
        ),
      );
    }
    return verdict(problems, `${survey.version}, SERIALIZABLE`);
  },
};
