import { type Explanations, explain } from '@secureconnect/service';

const address =
  'Check that the mail server runs there, the host and port in SMTP_URL, and whether it takes ' +
  'smtp:// or smtps://.';

/** Codes of nodemailer, in the words of docs/troubleshooting.md. */
export const mailExplanations: Explanations = {
  EAUTH: { problem: 'the login was refused', remedy: 'Correct the user and password in SMTP_URL.' },
  ECONNECTION: { problem: 'the connection failed', remedy: address },
  EDNS: {
    problem: 'the host name does not resolve',
    remedy: 'Correct the host in SMTP_URL, or the DNS of this machine.',
  },
  ESOCKET: { problem: 'the connection failed', remedy: address },
  ETIMEDOUT: { problem: 'the server did not answer in time', remedy: address },
  ETLS: { problem: 'TLS could not be begun', remedy: address },
};

/**
 * One line about why no mail is sent, without a password: `Mail server at mx:587: the login was
 * refused (EAUTH 535). …`. Undefined for reasons that concern one mail.
 * @param reason a code, and the reply code of the server if it answered
 * @param smtpUrl undefined if mails are written to a directory
 */
export function explainMailFailure(
  reason: string,
  smtpUrl: string | undefined,
): string | undefined {
  const code = reason.split(' ', 1)[0] ?? '';
  if (smtpUrl === undefined) return undefined;
  const { protocol, hostname, port } = new URL(smtpUrl);
  const usual = protocol === 'smtps:' ? '465' : '587';
  const place = `Mail server at ${hostname}:${port === '' ? usual : port}`;
  return explain(mailExplanations, { code, place, reason });
}
