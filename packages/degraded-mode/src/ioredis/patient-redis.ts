import { type Command, Redis } from 'ioredis';
import { markRejection } from './command-errors.ts';

/**
 * A client whose command time-outs tolerate this process's own pauses. After a blocked event loop
 * (a large JSON, a loading module) Node runs due timers before it reads sockets, so replies that
 * arrived in time would seem missing. Here a time-out counts only after the sockets were read once
 * more. Rejections are marked as errors of Redis.
 */
export class PatientRedis extends Redis {
  override sendCommand(...[command, stream]: Parameters<Redis['sendCommand']>): unknown {
    markRejection(command);
    command.setTimeout = (timeoutMs) => rejectLater(command, timeoutMs);
    return super.sendCommand(command, stream);
  }
}

/** Rejects a command without a reply after the time-out. */
export function rejectLater(command: Command, timeoutMs: number): void {
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
