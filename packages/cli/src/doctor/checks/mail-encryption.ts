import type { Check } from '../check.ts';
import { fail, ok, skipped, warn } from '../outcome.ts';
import { isLoopback, isPublic } from '../support/hosts.ts';

/**
 * Mails, which contain tokens that reset passwords, and the password of the mail server are
 * encrypted on their way (RFC 8314). Within a private network, only a password has to be.
 */
export const mailEncryptionCheck: Check = {
  name: 'mail-encryption',
  finds: 'mails or a password that are sent to the mail server unencrypted',
  source: 'https://www.rfc-editor.org/rfc/rfc8314',
  async run(deployment) {
    const { hasCredentials, host, isEncrypted, reason } = await deployment.mail();
    if (reason !== undefined) return skipped('the mail server cannot be used; see the check mail');
    if (isEncrypted) return ok('TLS');
    if (isLoopback(host)) return ok('not encrypted, and does not leave this machine');
    const isRisk = hasCredentials || isPublic(host);
    if (!isRisk) return ok('not encrypted, within a private network and without a password');
    return (isPublic(host) ? fail : warn)(
      `${host} offers no STARTTLS, so ${hasCredentials ? 'the password and ' : ''}reset tokens can be read`,
      'smtps://, or STARTTLS',
      'Use smtps:// in SMTP_URL, or switch STARTTLS on at the mail server.',
    );
  },
};
