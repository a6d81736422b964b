import { type ReadonlySignal, signal } from '@preact/signals';
import { RefusedError } from '@secureconnect/client';
import type { Api } from '../../people/model/api.ts';

/** `absent`: this server's Redis is not run by `npm start`, so the page cannot stop it. */
export type SwitchState = 'unknown' | 'running' | 'stopped' | 'absent';

/** Redis may take a while to stop, as it saves its data. */
const switchTimeoutMs = 30_000;

/** The switch that stops and starts Redis. */
export class RedisSwitch {
  readonly #api: Api;
  readonly #state = signal<SwitchState>('unknown');

  constructor(api: Api) {
    this.#api = api;
  }

  get state(): ReadonlySignal<SwitchState> {
    return this.#state;
  }

  /** Asks how it is: Redis may be stopped at a terminal too. @throws what the client throws */
  async read(): Promise<void> {
    try {
      const data = await this.#api.request('GET /console/demo/redis', {}, { retryForMs: 0 });
      this.#note(data);
    } catch (error) {
      const isAbsent = error instanceof RefusedError && [403, 404].includes(error.status);
      if (!isAbsent) throw error;
      this.#state.value = 'absent';
    }
  }

  /** Stops or starts Redis, and ends when that is done. @throws what the client throws */
  async set(isRunning: boolean): Promise<void> {
    const request = { body: { is_running: isRunning } };
    const options = { retryForMs: 0, timeoutMs: switchTimeoutMs };
    this.#note(await this.#api.request('PUT /console/demo/redis', request, options));
  }

  #note({ is_running: isRunning }: { readonly is_running: boolean }): void {
    this.#state.value = isRunning ? 'running' : 'stopped';
  }
}
