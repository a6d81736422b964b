import type { Command } from 'ioredis';

const commandNames = new WeakMap<Error, string>();

/**
 * Whatever this command is rejected with is known as an error of Redis from then on, whoever throws
 * it on: a port may use a database too, whose errors look much the same. The client puts the
 * arguments beside its errors, so that they would be logged; only the name of the command stays.
 */
export function markRejection(command: Command): void {
  const { reject } = command;
  command.reject = (error) => {
    commandNames.set(error, command.name);
    if ('command' in error) error.command = { name: command.name };
    reject(error);
  };
}

/** The command that was rejected with this error; undefined where it was none of ours. */
export function rejectedCommand(error: Error): string | undefined {
  return commandNames.get(error);
}

/** What a port was answered is not what the command or the script gives: a mistake of ours. */
export class UnexpectedReply extends Error {
  override readonly name = 'UnexpectedReply';
  /** A short name of what was asked. */
  readonly asked: string;

  constructor(asked: string) {
    super(`Redis gave an unexpected reply to ${asked}`);
    this.asked = asked;
  }
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** The reply as the schema has it. Throws UnexpectedReply where it is something else. */
export function parseReply<T>(schema: Schema<T>, reply: unknown, asked: string): T {
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  throw new UnexpectedReply(asked);
}
