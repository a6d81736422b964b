import { once } from 'node:events';

/** What the browser says of a page without being asked. */
export interface DevToolsEvent {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly id: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

type Message = Answer | (DevToolsEvent & { readonly id?: undefined; readonly sessionId?: string });

export interface DevToolsPage {
  readonly send: (method: string, params?: object) => Promise<Record<string, unknown>>;
  /** Events are heard no longer. */
  readonly close: () => void;
}

/** A connection by the Chrome DevTools protocol, to a browser and its pages. */
export class DevTools {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #listeners = new Map<string, (event: DevToolsEvent) => void>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data))));
    // A browser that is gone answers nothing more.
    socket.addEventListener('close', () => {
      for (const [id, answer] of this.#waiting) answer({ id, error: { message: 'disconnected' } });
    });
  }

  static async open(address: string): Promise<DevTools> {
    const socket = new WebSocket(address);
    await once(socket, 'open');
    return new DevTools(socket);
  }

  /** Sends a command to the browser, or to the page of a session. Rejects with its error. */
  async send(method: string, params: object = {}, sessionId?: string) {
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error(`${method}: disconnected`);
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { error, result = {} } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** Opens a session with a page, whose events go to `listener`. */
  async attach(targetId: unknown, listener: (event: DevToolsEvent) => void): Promise<DevToolsPage> {
    const attached = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const session = String(attached['sessionId']);
    this.#listeners.set(session, listener);
    return {
      send: (method, params) => this.send(method, params, session),
      close: () => this.#listeners.delete(session),
    };
  }

  close(): void {
    this.#socket.close();
  }

  #take(message: Message): void {
    if (message.id === undefined) {
      this.#listeners.get(message.sessionId ?? '')?.(message);
      return;
    }
    this.#waiting.get(message.id)?.(message);
    this.#waiting.delete(message.id);
  }
}
