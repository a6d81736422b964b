import type { DegradedMode } from '@secureconnect/degraded-mode';
import type { BoundMessages, Identity, Logger, UpgradeOf } from '@secureconnect/service';
import type { CloseCode } from './close-codes.ts';
import type { Connection } from './connection.ts';
import type { FrameTarget } from './dispatch.ts';
import type { FrameLimits } from './frame-limits.ts';
import type { GuardedSocket, SessionGuard } from './session-guard.ts';

/** What all sockets of a process share. */
export interface SharedBySockets {
  readonly log: Logger;
  readonly mode: DegradedMode | undefined;
  readonly limits: FrameLimits;
  readonly guard: SessionGuard;
}

/** What a socket keeps of its request. */
export type KeptOfUpgrade<C> = Pick<
  UpgradeOf<'bearer', unknown, string, C>,
  'messages' | 'context' | 'requestId' | 'isRevoked'
>;

/**
 * A socket as its frames and the guard of its session see it: one object, because most sockets are
 * idle and each keeps its own.
 */
export class OpenSocket<C> implements FrameTarget<C>, GuardedSocket {
  readonly connection: Connection;
  readonly messages: BoundMessages<C>;
  readonly context: C;
  readonly isRevoked: () => Promise<boolean>;
  readonly #shared: SharedBySockets;
  readonly #requestId: string;
  #log: Logger | undefined;

  constructor(connection: Connection, request: KeptOfUpgrade<C>, shared: SharedBySockets) {
    this.connection = connection;
    this.messages = request.messages;
    this.context = request.context;
    this.isRevoked = request.isRevoked;
    this.#requestId = request.requestId;
    this.#shared = shared;
  }

  get user(): Identity {
    return this.connection.user;
  }

  /** Created at its first use: most sockets never log. */
  get log(): Logger {
    this.#log ??= this.#shared.log.child({ request_id: this.#requestId });
    return this.#log;
  }

  get limits(): FrameLimits {
    return this.#shared.limits;
  }

  get mode(): DegradedMode | undefined {
    return this.#shared.mode;
  }

  mayGoOn(): Promise<boolean> {
    return this.#shared.guard.admits(this);
  }

  close(code: CloseCode): void {
    this.connection.close(code);
  }
}
