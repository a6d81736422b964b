import { type Command, Redis } from 'ioredis';
import { markRejection } from './command-errors.ts';

/**
 * A client whose command time-outs are not fooled by this process's own pauses. After a blocked
 * event loop (a large JSON, a module that loads) every time-out is due at once, and Node runs due
 * timers before it reads sockets: replies that arrived in time would be taken for missing ones. So a
 * time-out counts only when the sockets have been read once more. What commands are rejected with is
 * marked as of Redis.
 */
export class PatientRedis extends Redis {
  override sendCommand(...[command, stream]: Parameters<Redis['sendCommand']>): unknown {
    markRejection(command);
    command.setTimeout = (timeoutMs) => rejectLater(command, timeoutMs);
    return super.sendCommand(command, stream);
  }
}

/** Rejects a command that has no reply by then. */
export function rejectLater(command: Command, timeoutMs: number): void {
  const { resolve, reject } = command;
  const giveUp = (): void => {
    if (!command.isResolved) reject(new Error('Command timed out'));
  };
  // setImmediate runs after the event loop's poll phase, which is where sockets are read.
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
