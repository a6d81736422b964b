import type { IncomingMessage } from 'node:http';
import type { Service } from '@secureconnect/service';
import type { ServiceName } from '../support/stack.ts';

export interface InstanceOptions {
  readonly service: ServiceName;
  /** `chat-2` */
  readonly name: string;
  readonly port: number;
  readonly create: () => Promise<Service>;
}

/** One instance of a service, which can be closed and started again on the same port. */
export class Instance {
  readonly service: ServiceName;
  readonly name: string;
  readonly url: string;
  readonly #options: InstanceOptions;
  readonly #taken = new Set<string>();
  #running: Service | undefined;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.service = options.service;
    this.name = options.name;
    this.url = `http://127.0.0.1:${options.port}`;
  }

  async start(): Promise<void> {
    const service = await this.#options.create();
    const take = ({ headers }: IncomingMessage): void => {
      this.#taken.add(String(headers['x-request-id']));
    };
    service.server.prependListener('request', take);
    service.server.prependListener('upgrade', take);
    this.#running = service;
    await service.listen(this.#options.port);
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.close();
  }

  /** Whether a request or upgrade with this id has arrived here. */
  took(requestId: string): boolean {
    return this.#taken.has(requestId);
  }
}
