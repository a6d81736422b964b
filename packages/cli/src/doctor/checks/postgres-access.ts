import type { Check } from '../check.ts';
import { fail, skipped, verdict, warn } from '../outcome.ts';
import { askDatabase } from '../postgres/ask-database.ts';
import { answeringDatabase } from '../postgres/of-postgres.ts';
import { isLoopback } from '../support/hosts.ts';

/**
 * The database checks passwords. With the method `trust` of pg_hba.conf it lets in everybody
 * who names a user. This tries one wrong password, which the server logs as a failed login. It
 * shows no client certificate: the method `cert` lets in every client that has one, whatever
 * the password.
 */
export const postgresAccessCheck: Check = {
  name: 'postgres-access',
  finds: 'a database that accepts any password',
  source: 'https://www.postgresql.org/docs/current/auth-trust.html',
  async run(deployment) {
    await answeringDatabase(deployment);
    const url = new URL(deployment.settings.get('DATABASE_URL') ?? '');
    if (url.hostname === '') return skipped('DATABASE_URL names a socket of this machine');
    const given = url.password;
    url.password = 'not-the-password-of-secureconnect';
    for (const part of ['sslcert', 'sslkey']) url.searchParams.delete(part);
    if (!(await isAccepted(url.href))) return verdict([], 'a wrong password is refused');
    const found =
      given === '' ? 'the database lets in without a password' : 'any password is accepted';
    return verdict(
      [
        (isLoopback(url.hostname) ? warn : fail)(
          found,
          'scram-sha-256, or certificates',
          'Replace trust in pg_hba.conf by scram-sha-256, and reload it.',
        ),
      ],
      '',
    );
  },
};

async function isAccepted(url: string): Promise<boolean> {
  try {
    await askDatabase(url, (client) => client.query('SELECT 1'));
    return true;
  } catch {
    return false; // refused, as it should be; the survey has just shown that the server answers
  }
}
