import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';

/** A delivery as Alertmanager sent it. */
export interface Delivery {
  readonly atMs: number;
  readonly authorization: string | undefined;
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly startsAt: string;
  }[];
}

/** A webhook that keeps what it was sent, and answers as it is told. */
export class RecordingReceiver implements AsyncDisposable {
  readonly #server: Server;
  readonly #port: number;
  readonly #answers = new Map<string, number>();
  readonly #deliveries = new Map<string, Delivery[]>();

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer(async (request, response) => {
      const name = (request.url ?? '').slice(1);
      const { authorization } = request.headers;
      const body = (await json(request)) as Pick<Delivery, 'alerts'>;
      const delivery = { atMs: performance.now(), authorization, alerts: body.alerts };
      this.#deliveries.set(name, [...this.of(name), delivery]);
      response.writeHead(this.#answers.get(name) ?? 200, { 'retry-after': '30' }).end();
    });
  }

  static async start(port: number): Promise<RecordingReceiver> {
    const receiver = new RecordingReceiver(port);
    receiver.#server.listen(port, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  /** Where deliveries of this name go. */
  url(name: string): string {
    return `http://127.0.0.1:${this.#port}/${name}`;
  }

  /** From now on deliveries of this name get this status; at first 200. */
  answer(name: string, status: number): void {
    this.#answers.set(name, status);
  }

  /** What has come under this name. */
  of(name: string): readonly Delivery[] {
    return this.#deliveries.get(name) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
