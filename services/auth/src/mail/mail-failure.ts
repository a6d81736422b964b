/** Why a mail was not sent, without personal data. */
export interface MailFailure {
  /** A code of Node or of nodemailer: `ECONNREFUSED`, `EENVELOPE`. */
  readonly reason: string;
  /** The reply code of the mail server, if it answered (RFC 5321, 4.2). */
  readonly smtp_code?: number;
}

/** The part of an error that may be logged: mail servers repeat the address in its message. */
export function mailFailure(error: unknown): MailFailure {
  if (!(error instanceof Error)) return { reason: 'unknown' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = /^[A-Z][A-Z0-9_]{1,31}$/.test(code) ? code : 'unknown';
  const smtpCode = 'responseCode' in error ? error.responseCode : undefined;
  return typeof smtpCode === 'number' ? { reason, smtp_code: smtpCode } : { reason };
}

/**
 * Whether the server will never accept this mail, so that retries are useless: it has refused the
 * address (EENVELOPE) or the message (EMESSAGE) with a permanent code. A refused login is a mistake
 * of the configuration, which can be corrected while the mail waits.
 */
export function isRefusedForGood({ reason, smtp_code: code = 0 }: MailFailure): boolean {
  return (reason === 'EENVELOPE' || reason === 'EMESSAGE') && code >= 500;
}
