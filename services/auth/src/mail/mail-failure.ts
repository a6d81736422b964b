/** Why a mail was not sent, in words that may be logged. */
export interface MailFailure {
  /** A code of Node or of nodemailer: `ECONNREFUSED`, `EENVELOPE`. */
  readonly reason: string;
  /** The reply code of the mail server, where it has answered (RFC 5321, 4.2). */
  readonly smtp_code?: number;
}

/** What may be logged of an error: not its message, in which mail servers repeat the address. */
export function mailFailure(error: unknown): MailFailure {
  if (!(error instanceof Error)) return { reason: 'unknown' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = /^[A-Z][A-Z0-9_]{1,31}$/.test(code) ? code : 'unknown';
  const smtpCode = 'responseCode' in error ? error.responseCode : undefined;
  return typeof smtpCode === 'number' ? { reason, smtp_code: smtpCode } : { reason };
}

/** Whether the server will never take mail to this address, so that trying again is of no use. */
export function isRefusedForGood({ reason, smtp_code: code = 0 }: MailFailure): boolean {
  return reason === 'EENVELOPE' && code >= 500;
}
