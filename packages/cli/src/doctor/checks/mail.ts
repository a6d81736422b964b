import type { Check } from '../check.ts';
import { fail, ok } from '../outcome.ts';

/** The mail server greets and accepts the credentials. The check sends no mail. */
export const mailCheck: Check = {
  name: 'mail',
  finds:
    'a mail server that does not answer, has no trusted certificate, or refuses the credentials',
  source: 'https://www.rfc-editor.org/rfc/rfc4954',
  async run(deployment) {
    const { hasCredentials, host, reason } = await deployment.mail();
    if (reason === undefined) {
      return ok(
        `${host} greets${hasCredentials ? ' and accepts the credentials' : '; no credentials are set'}`,
      );
    }
    return fail(
      `${host}: ${reason}`,
      'a greeting, and AUTH accepted if SMTP_URL has a user',
      'Correct SMTP_URL, or the mail server; until then mails wait in the outbox for five hours.',
    );
  },
};
