import { type ReadonlySignal, signal } from '@preact/signals';
import type { Call, Calls } from '@secureconnect/client/calls';
import { type ShownCall, shownCall } from './shown-call.ts';

/**
 * The calls of a person on this page, one at a time: one that rings meanwhile is shown when the one
 * before it is over, if it still rings.
 */
export class CallDesk {
  readonly #shown = signal<ShownCall | undefined>(undefined);
  #calls: Pick<Calls, 'calls' | 'start' | 'close'> | undefined;

  /** The call that rings, goes on, or has ended and is not dismissed. */
  get shown(): ReadonlySignal<ShownCall | undefined> {
    return this.#shown;
  }

  /** Serves these calls from now on; their `onIncoming` is `ring`. */
  serve(calls: Pick<Calls, 'calls' | 'start' | 'close'>): void {
    this.#calls = calls;
  }

  /** A call rings here. */
  ring(call: Call): void {
    const before = this.#shown.value?.state;
    if (before === undefined || before === 'ended') this.#show(call);
  }

  /** Calls the others in a conversation. @throws MediaError, or what the client throws */
  async start(conversationId: string, type: 'audio' | 'video'): Promise<void> {
    if (this.#calls === undefined) throw new Error('expected calls, as serve() gives them');
    const newCall = { conversation_id: conversationId, call_type: type };
    this.#show(await this.#calls.start(newCall));
  }

  /** Shows the call no more that has ended; one that rings comes next. */
  dismiss(): void {
    if (this.#shown.value?.state !== 'ended') return;
    this.#shown.value = undefined;
    const next = this.#calls?.calls.find(({ state }) => state === 'incoming');
    if (next !== undefined) this.#show(next);
  }

  close(): void {
    this.#calls?.close();
  }

  #show(call: Call): void {
    if (this.#shown.value?.call === call) return;
    const update = (): void => {
      if (this.#shown.value?.call === call) this.#shown.value = shownCall(call);
    };
    call.subscribe(update);
    this.#shown.value = shownCall(call);
  }
}
