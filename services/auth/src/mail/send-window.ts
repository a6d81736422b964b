export interface SmtpLimits {
  /** Maximum time until the whole message is written. */
  readonly writeMs: number;
  /** Maximum time from then until the server's reply. */
  readonly replyMs: number;
  /** How long a reply is awaited after the caller has aborted. */
  readonly graceMs: number;
}

class MailTimeout extends Error {
  override readonly name = 'MailTimeout';
  readonly code = 'ETIMEDOUT';
}

/** Decides when a mail that is being sent is aborted. */
export class SendWindow {
  readonly #limits: SmtpLimits;
  readonly #caller: AbortSignal;
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isWritten = false;
  /** Set once a limit was exceeded. */
  timedOut: MailTimeout | undefined;

  constructor(caller: AbortSignal, limits: SmtpLimits) {
    this.#caller = caller;
    this.#limits = limits;
    this.#timeOutAfter(limits.writeMs, 'the mail server did not take the message in time');
    caller.addEventListener('abort', this.#callerAborted);
    if (caller.aborted) this.#callerAborted();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The server may accept the message from here on. */
  written(): void {
    this.#isWritten = true;
    this.#timeOutAfter(this.#limits.replyMs, 'the mail server did not reply to the message');
    if (this.#caller.aborted) this.#callerAborted();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener('abort', this.#callerAborted);
  }

  readonly #callerAborted = (): void => {
    if (this.#isWritten) {
      this.#timeOutAfter(this.#limits.graceMs, 'the mail server did not reply before the stop');
    } else {
      this.#controller.abort();
    }
  };

  #timeOutAfter(ms: number, message: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.timedOut = new MailTimeout(message);
      this.#controller.abort();
    }, ms);
  }
}
