import type { Command } from 'ioredis';

const commandNames = new WeakMap<Error, string>();

/**
 * Marks the rejection of this command as an error of Redis, because a port may also use a database
 * with similar errors. The client attaches the arguments to its errors; only the command's name
 * stays, so that arguments are never logged.
 */
export function markRejection(command: Command): void {
  const { reject } = command;
  command.reject = (error) => {
    commandNames.set(error, command.name);
    if ('command' in error) error.command = { name: command.name };
    reject(error);
  };
}

/** The command that was rejected with this error; undefined if it was not ours. */
export function rejectedCommand(error: Error): string | undefined {
  return commandNames.get(error);
}

/** A reply does not have the type of the command or the script: a mistake of ours. */
export class UnexpectedReply extends Error {
  override readonly name = 'UnexpectedReply';
  /** A short name of the request. */
  readonly asked: string;

  constructor(asked: string) {
    super(`Redis gave an unexpected reply to ${asked}`);
    this.asked = asked;
  }
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** Parses a reply by the schema. Throws UnexpectedReply if it does not match. */
export function parseReply<T>(schema: Schema<T>, reply: unknown, asked: string): T {
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  throw new UnexpectedReply(asked);
}
