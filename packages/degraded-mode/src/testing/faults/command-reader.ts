/** A received command. */
export interface SentCommand {
  /** Its first word, in lower case; '' for bytes that are not a command. */
  readonly name: string;
  /** The number of its words, including the first one. */
  readonly words: number;
  readonly bytes: Buffer;
}

/** Maximum size of a command of the tested clients. */
const maxCommandBytes = 64 * 1024 * 1024;
const maxLineBytes = 64 * 1024;

class Unfinished extends Error {}
class NotRedis extends Error {}

/**
 * Splits the bytes of a client into commands: arrays of bulk strings and inline commands, also
 * several in one chunk. Other bytes are passed on unchanged, for the server to refuse.
 */
export class CommandReader {
  #rest: Buffer = Buffer.alloc(0);
  #isRedis = true;

  /** Throws if a command is unreasonably long. */
  push(chunk: Buffer): SentCommand[] {
    const input = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const commands: SentCommand[] = [];
    let at = 0;
    while (this.#isRedis && at < input.length) {
      try {
        const command = readCommand(input, at);
        commands.push(command);
        at += command.bytes.length;
      } catch (error) {
        if (error instanceof Unfinished) break;
        if (!(error instanceof NotRedis)) throw error;
        this.#isRedis = false;
      }
    }
    this.#rest = input.subarray(at);
    if (!this.#isRedis && this.#rest.length > 0) {
      commands.push({ name: '', words: 0, bytes: this.#rest });
      this.#rest = Buffer.alloc(0);
    }
    if (this.#rest.length > maxCommandBytes) throw new Error('a command has no end');
    return commands;
  }
}

function readCommand(input: Buffer, start: number): SentCommand {
  const line = readLine(input, start);
  if (!line.text.startsWith('*')) {
    const parts = line.text.trim().split(/\s+/);
    const bytes = input.subarray(start, line.end);
    return { name: (parts[0] ?? '').toLowerCase(), words: parts.length, bytes };
  }
  const words = countOf(line.text, '*');
  let name = '';
  let at = line.end;
  for (let index = 0; index < words; index += 1) {
    const header = readLine(input, at);
    const length = countOf(header.text, '$');
    const end = header.end + length;
    if (input.length < end + 2) throw new Unfinished();
    if (index === 0) name = input.toString('latin1', header.end, end).toLowerCase();
    at = end + 2;
  }
  return { name, words: Math.max(0, words), bytes: input.subarray(start, at) };
}

function readLine(input: Buffer, start: number): { text: string; end: number } {
  const newLine = input.indexOf(10, start);
  if (newLine < 0) {
    if (input.length - start > maxLineBytes) throw new NotRedis();
    throw new Unfinished();
  }
  const text = input.toString('latin1', start, newLine).replace(/\r$/, '');
  return { text, end: newLine + 1 };
}

function countOf(line: string, mark: string): number {
  const count = line.startsWith(mark) ? Number(line.slice(1)) : Number.NaN;
  if (!Number.isInteger(count)) throw new NotRedis();
  return count;
}
