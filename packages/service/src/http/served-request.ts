import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FallbacksUsed } from '@secureconnect/degraded-mode';
import type { Logger } from '../observability/logger.ts';
import type { NoteSecurityEvent } from '../observability/security-events.ts';
import type { RequestContext } from './request-context.ts';

/** The parts of every request that a handler gets, from what was known before its route. */
export interface ServedParts<C> {
  readonly context: C;
  readonly started: RequestContext;
  readonly outcomes: FallbacksUsed;
  readonly incoming: IncomingMessage;
}

/**
 * What the handler of any route gets. A class, because an object literal with a getter has a hidden
 * class of its own each time, which keeps its whole request until a major garbage collection.
 */
export class ServedRequest<C> {
  readonly context: C;
  readonly requestId: string;
  readonly clientAddress: string;
  readonly protocol: string;
  readonly host: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly outcomes: FallbacksUsed;
  readonly incoming: IncomingMessage;
  readonly #started: RequestContext;

  constructor({ context, started, outcomes, incoming }: ServedParts<C>) {
    this.context = context;
    this.#started = started;
    this.requestId = started.requestId;
    this.clientAddress = started.sender.address;
    this.protocol = started.sender.protocol;
    this.host = started.sender.host;
    this.headers = incoming.headers;
    this.outcomes = outcomes;
    this.incoming = incoming;
  }

  /** Created when it is used. */
  get log(): Logger {
    return this.#started.log;
  }

  get noteSecurity(): NoteSecurityEvent {
    return this.#started.noteSecurity;
  }
}
