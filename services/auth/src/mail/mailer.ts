export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends mail, or rejects. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
  close(): void;
}
