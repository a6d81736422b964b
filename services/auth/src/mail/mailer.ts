export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same whenever this mail is sent again, with its angle brackets (RFC 5322, 3.6.4). */
  readonly messageId: string;
}

/** A mail without its Message-ID, which the outbox decides. */
export type ComposedMail = Omit<Mail, 'messageId'>;

/**
 * Sends mail, or rejects. Until the whole message is written, an abort takes effect at once. After
 * that the server may have accepted it, and a second try could deliver it twice: its reply is waited
 * for as long as the signal allows, and a few seconds longer.
 */
export interface Mailer {
  send(mail: Mail, signal: AbortSignal): Promise<void>;
  close(): void;
}
