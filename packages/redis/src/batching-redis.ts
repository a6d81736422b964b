import { PatientRedis } from '@secureconnect/degraded-mode/ioredis/parts';
import type { Redis } from 'ioredis';

/**
 * A client that writes the commands of one turn of the event loop together: a write costs as much
 * as all else that a command does, and under load a turn serves many requests. Each command keeps
 * its place, its reply and its time-out, which counts from the write.
 */
export class BatchingRedis extends PatientRedis {
  #turn: (() => void)[] = [];
  #isWriting = false;

  override sendCommand(...[command, stream]: Parameters<Redis['sendCommand']>): unknown {
    // The commands with which a connection begins, and pipelines, are not deferred.
    if (this.#isWriting || stream !== undefined || this.status !== 'ready') {
      return super.sendCommand(command, stream);
    }
    this.atEndOfTurn(() => super.sendCommand(command));
    return command.promise;
  }

  /** Calls `send` when the commands of this turn are written; its own are among them. */
  atEndOfTurn(send: () => void): void {
    if (this.#turn.push(send) === 1) setImmediate(() => this.#write());
  }

  #write(): void {
    // The connection may have ended since: then each command is rejected as it would have been.
    const stream: Redis['stream'] | undefined = this.stream;
    const turn = this.#turn;
    this.#turn = [];
    this.#isWriting = true;
    stream?.cork();
    try {
      for (const send of turn) send();
    } finally {
      stream?.uncork();
      this.#isWriting = false;
    }
  }
}
