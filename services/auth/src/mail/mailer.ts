export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends mail, or rejects; soon after the signal is aborted at the latest. */
export interface Mailer {
  send(mail: Mail, signal: AbortSignal): Promise<void>;
  close(): void;
}
