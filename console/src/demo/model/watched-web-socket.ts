import { type RouteUse, useOf } from '../../app/route-use.ts';

/** Frames that wait for their answer; of more, the oldest are forgotten. */
const maxAsked = 500;

interface Frame {
  readonly type?: string;
  readonly id?: string;
  readonly code?: string;
  readonly meta?: { readonly degraded?: readonly string[] };
}

/** A WebSocket that tells how the server has answered each frame. */
export function watchedWebSocket(
  note: (use: RouteUse) => void,
  Base: typeof globalThis.WebSocket = globalThis.WebSocket,
): typeof globalThis.WebSocket {
  return class WatchedWebSocket extends Base {
    /** The types of the frames that were sent, by their ids. */
    readonly #asked = new Map<string, string>();

    constructor(...parameters: ConstructorParameters<typeof globalThis.WebSocket>) {
      super(...parameters);
      const [url] = parameters;
      const route = `WS ${new URL(url).pathname}`;
      this.addEventListener('message', ({ data }) => {
        const { code, id = '', meta } = frameOf(data);
        const type = this.#asked.get(id);
        if (type === undefined) return;
        this.#asked.delete(id);
        const fallbacks = (meta?.degraded ?? []).map((port) => ({ port }));
        note(useOf(`${route} ${type}`, fallbacks, code));
      });
    }

    override send(data: string): void {
      const { id, type } = frameOf(data);
      if (id !== undefined && type !== undefined) this.#asked.set(id, type);
      const [oldest] = this.#asked.keys();
      if (this.#asked.size > maxAsked && oldest !== undefined) this.#asked.delete(oldest);
      super.send(data);
    }
  };
}

function frameOf(data: unknown): Frame {
  return typeof data === 'string' ? (JSON.parse(data) as Frame) : {};
}
