import { type Command, Redis } from 'ioredis';
import { markRejection } from './command-errors.ts';

/**
 * A client whose command time-outs tolerate this process's own pauses. After a blocked event loop
 * (a large JSON, a loading module) Node runs due timers before it reads sockets, so replies that
 * arrived in time would seem missing. Here a time-out counts only after the sockets were read once
 * more. Rejections are marked as errors of Redis.
 */
export class PatientRedis extends Redis {
  /** What begins when the commands of this turn are written. */
  #afterWrite: (() => void)[] = [];

  override sendCommand(...[command, stream]: Parameters<Redis['sendCommand']>): unknown {
    markRejection(command);
    command.setTimeout = (timeoutMs) => this.#onceWritten(() => rejectLater(command, timeoutMs));
    this.#writeTogether();
    return super.sendCommand(command, stream);
  }

  /**
   * Commands of one turn of the event loop are one write: a request has up to three, and under load
   * a turn serves many requests. The order stays, and each command keeps its own reply and time-out.
   */
  #writeTogether(): void {
    // Absent until there is a connection, whatever its type says.
    const connection: Redis['stream'] | undefined = this.stream;
    if (connection === undefined || connection.writableCorked > 0) return;
    connection.cork();
    setImmediate(() => {
      connection.uncork();
      for (const begin of this.#afterWrite.splice(0)) begin();
    });
  }

  /** The rest of this turn may block: a time-out must not count before the server was asked. */
  #onceWritten(begin: () => void): void {
    const connection: Redis['stream'] | undefined = this.stream;
    if (connection === undefined || connection.writableCorked === 0) begin();
    else this.#afterWrite.push(begin);
  }
}

/** Rejects a command without a reply after the time-out. */
export function rejectLater(command: Command, timeoutMs: number): void {
  if (command.isResolved) return;
  const { resolve, reject } = command;
  const giveUp = (): void => {
    if (!command.isResolved) reject(new Error('Command timed out'));
  };
  // setImmediate runs after the event loop's poll phase, which reads sockets.
  const timer = setTimeout(() => setImmediate(giveUp), timeoutMs);
  command.resolve = (value) => {
    clearTimeout(timer);
    resolve(value);
  };
  command.reject = (error) => {
    clearTimeout(timer);
    reject(error);
  };
}
