import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';
import { CannotLook } from '../outcome.ts';
import type { Settings } from '../settings.ts';
import { reasonOf } from '../support/reason-of.ts';

const timeoutMs = 5000;

/** Everything that the checks of the mail server look at. No mail is sent. */
export interface MailSurvey {
  readonly host: string;
  /** Why it cannot be used; undefined if it greets, and accepts the credentials if there are any. */
  readonly reason: string | undefined;
  /** Whether mails and the password are encrypted on their way, by smtps:// or STARTTLS. */
  readonly isEncrypted: boolean;
  readonly hasCredentials: boolean;
  /** Undefined without encryption, or if the certificate is not trusted. */
  readonly certificate: PeerCertificate | undefined;
}

/**
 * Does what auth does before a mail, with the same library and URL: EHLO, STARTTLS if it is offered,
 * AUTH, QUIT. Throws CannotLook if SMTP_URL is not set.
 */
export async function surveyMail(settings: Settings): Promise<MailSurvey> {
  const url = settings.get('SMTP_URL');
  if (url === undefined) throw new CannotLook('SMTP_URL is not set');
  if (!/^smtps?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new CannotLook('SMTP_URL is not an smtp:// or smtps:// URL');
  }
  const { options } = new SMTPTransport(url);
  let certificate: PeerCertificate | undefined;
  const connection = new SMTPConnection({
    ...options,
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
    tls: {
      ...options.tls,
      // Called with a certificate that is trusted; the library has no other way to it.
      checkServerIdentity: (host, given) => {
        certificate = given;
        return checkServerIdentity(host, given);
      },
    },
  });
  const { hostname: host } = new URL(url);
  const credentials = credentialsOf(options);
  const hasCredentials = credentials !== undefined;
  try {
    await greet(connection, credentials);
    return { host, reason: undefined, isEncrypted: connection.secure, hasCredentials, certificate };
  } catch (error) {
    const reason = reasonOf(error);
    return { host, reason, isEncrypted: connection.secure, hasCredentials, certificate };
  } finally {
    connection.quit();
    connection.close();
  }
}

function credentialsOf({ auth }: SMTPTransport.Options): SMTPConnection.Credentials | undefined {
  if (auth === undefined || !('pass' in auth)) return undefined;
  return { user: auth.user, pass: auth.pass };
}

function greet(
  connection: SMTPConnection,
  credentials: SMTPConnection.Credentials | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.once('end', () => reject(new Error('the server closed the connection')));
    connection.connect((error) => {
      if (error) return reject(error);
      if (credentials === undefined) return resolve();
      connection.login(credentials, (refused) => (refused ? reject(refused) : resolve()));
    });
  });
}
