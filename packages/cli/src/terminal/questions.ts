import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { UsageError } from '../errors.ts';
import type { Terminal } from './terminal.ts';
import { withResolvers } from './with-resolvers.ts';

export interface QuestionOptions {
  /** Whether what is typed stays invisible. */
  readonly isSecret?: boolean;
}

/**
 * Asks the person at the terminal; where the input is none, each answer is its next line, so that
 * scripts need no secret in their arguments.
 */
export class Questions implements Disposable {
  readonly #terminal: Terminal;
  readonly #signal: AbortSignal;
  /** Of an input that is no terminal; undefined until the first question. */
  #lines: { readonly reader: Interface; readonly next: AsyncIterator<string> } | undefined;

  /** @param signal aborts at Ctrl-C, which a question itself turns into an error */
  constructor(terminal: Terminal, signal: AbortSignal) {
    this.#terminal = terminal;
    this.#signal = signal;
  }

  /**
   * @param question such as `Password`
   * @throws UsageError where the input ends, the reason of the signal, or InterruptedError
   */
  ask(question: string, { isSecret = false }: QuestionOptions = {}): Promise<string> {
    this.#signal.throwIfAborted();
    const { input } = this.#terminal;
    return input.isTTY === true ? this.#askPerson(question, isSecret) : this.#nextLine(question);
  }

  #askPerson(question: string, isSecret: boolean): Promise<string> {
    const { errors, input } = this.#terminal;
    errors.write(`${question}: `);
    // The reader echoes what is typed to its output.
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const reader = createInterface({ input, output: isSecret ? silent : errors, terminal: true });
    const { promise, reject, resolve } = withResolvers<string>();
    reader.once('line', resolve);
    reader.once('SIGINT', () => reject(new InterruptedError()));
    reader.once('close', () => reject(inputEnded(question)));
    const abort = () => reject(new InterruptedError());
    this.#signal.addEventListener('abort', abort, { once: true });
    return promise.finally(() => {
      this.#signal.removeEventListener('abort', abort);
      reader.close();
      if (isSecret) errors.write('\n');
    });
  }

  async #nextLine(question: string): Promise<string> {
    if (this.#lines === undefined) {
      const reader = createInterface({ input: this.#terminal.input });
      this.#lines = { reader, next: reader[Symbol.asyncIterator]() };
    }
    const { done, value } = await this.#lines.next.next();
    if (done === true) throw inputEnded(question);
    return value;
  }

  [Symbol.dispose](): void {
    this.#lines?.reader.close();
  }
}

/** Ctrl-C while a question waits: the reader takes it, so no signal comes. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

function inputEnded(question: string): UsageError {
  return new UsageError(`${question}: the input has ended; expected a line with the answer.`);
}
