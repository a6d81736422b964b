import type { ServerResponse } from 'node:http';
import { stoppingHeader } from '@secureconnect/service';
import type { Dispatcher } from 'undici';
import { replyHeaders } from './reply-headers.ts';
import type { Forwarded } from './request-headers.ts';
import type { Instance } from './upstreams/instance.ts';

export interface RelayedRequest extends Forwarded {
  readonly outgoing: ServerResponse;
}

export interface ReplyRelayOptions {
  readonly request: RelayedRequest;
  readonly instance: Instance;
  /** The fallbacks that the gateway itself used, for the header `X-Degraded`. */
  readonly degraded: string;
}

/**
 * Writes the reply of an instance to the client as it arrives, with backpressure. If either side
 * ends early, so does the other.
 */
export class ReplyRelay implements Dispatcher.DispatchHandler {
  readonly #options: ReplyRelayOptions;
  readonly #done = Promise.withResolvers<void>();
  #controller: Dispatcher.DispatchController | undefined;

  constructor(options: ReplyRelayOptions) {
    this.#options = options;
    options.request.outgoing.once('close', this.#clientMayHaveLeft);
  }

  /** Resolves when the whole reply was written; rejects if it cannot be. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Whether the request may have reached the instance. */
  get isSent(): boolean {
    return this.#controller !== undefined;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#clientMayHaveLeft();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // Interim replies (RFC 9110, 15.2) concern the connection to the instance.
    if (status < 200) return;
    const { request, instance, degraded } = this.#options;
    const { incoming, outgoing } = request;
    instance.answered();
    if (headers[stoppingHeader] !== undefined) instance.avoid();
    const vary = String(outgoing.getHeader('vary') ?? '');
    // The client is still sending, so its connection cannot be reused after the reply.
    if (!incoming.complete) outgoing.setHeader('Connection', 'close');
    outgoing.writeHead(status, replyHeaders(headers, { degraded, vary }));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { outgoing } = this.#options.request;
    if (outgoing.write(chunk)) return;
    controller.pause();
    outgoing.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.#options.request.outgoing.end();
    this.#done.resolve();
  }

  onResponseError(_controller: unknown, error: Error): void {
    const { outgoing } = this.#options.request;
    outgoing.off('close', this.#clientMayHaveLeft);
    // Too late for a different reply: an abrupt end tells the client.
    if (outgoing.headersSent) outgoing.destroy();
    this.#done.reject(error);
  }

  readonly #clientMayHaveLeft = (): void => {
    const { outgoing } = this.#options.request;
    if (!outgoing.closed || outgoing.writableFinished) return;
    this.#controller?.abort(new Error('the client has left'));
  };
}
