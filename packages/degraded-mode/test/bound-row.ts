import {
  type Aged,
  type Declared,
  DegradedMode,
  type DegradedModeOptions,
  definePorts,
  type FallbackUsed,
  RowBinding,
} from '../src/index.ts';
import { classify } from './scripted-probes.ts';

export interface Counter {
  add(by: number): Promise<string>;
}

/** What the Redis of a test does. */
export interface RedisOfTest {
  error: Error | undefined;
  hangs: boolean;
}

/** A class with a private field and a prototype: its methods need their `this`. */
class RedisCounter implements Counter {
  readonly #settings: RedisOfTest;
  constructor(settings: RedisOfTest) {
    this.#settings = settings;
  }
  async add(by: number): Promise<string> {
    if (this.#settings.hangs) return new Promise(() => undefined);
    if (this.#settings.error) throw this.#settings.error;
    return `redis ${by}`;
  }
}

class LocalCounter implements Counter {
  readonly #name: string = 'local';
  async add(by: number): Promise<string> {
    return `${this.#name} ${by}`;
  }
}

class SnapshotCounter extends LocalCounter implements Aged {
  readonly #age: { seconds: number };
  constructor(age: { seconds: number }) {
    super();
    this.#age = age;
  }
  override async add(by: number): Promise<string> {
    return `snapshot of ${await super.add(by)}`;
  }
  stalenessSeconds(): number {
    return this.#age.seconds;
  }
}

export function testPorts() {
  const redis: RedisOfTest = { error: undefined, hangs: false };
  const age = { seconds: 0 };
  const counter: Counter = new RedisCounter(redis);
  const local: Counter = new LocalCounter();
  const snapshot: Counter & Aged = new SnapshotCounter(age);
  const ports = definePorts({
    hitCounter: { redis: counter, local, snapshot, skip: { add: async () => 'skipped' } },
    sessions: { redis: counter },
  });
  return { ports, redis, age };
}

type Ports = ReturnType<typeof testPorts>['ports'];

/** What a row refuses a request with before its handler; undefined where it does not. */
export function refusalOf(binding: { requireOpen(): void }): unknown {
  try {
    binding.requireOpen();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A row bound to ports, with what tests look at. */
export function boundRow<W extends { readonly [Name in keyof Ports]?: Declared }>(
  whenRedisDown: W,
  options: Partial<DegradedModeOptions> = {},
) {
  const { ports, redis, age } = testPorts();
  const mode = new DegradedMode({ service: 'test', classify, ...options });
  const taken: FallbackUsed[] = [];
  mode.on('fallback', (fallback) => taken.push(fallback));
  const row = { route: 'POST /v1/hits', operation: 'hits', whenRedisDown };
  const binding = new RowBinding<Ports, W>(row, ports, mode);
  const { fallbacksUsed: outcomes, ports: handed } = binding.begin();
  return { binding, mode, taken, outcomes, redis, age, handed };
}

/** First contact, or a whole recovery. */
export function comeUp(mode: DegradedMode): void {
  while (!mode.availability.recordProbe());
  mode.availability.recovering();
  mode.availability.recovered();
}

export function goDown(mode: DegradedMode): void {
  mode.availability.recordFailure({ severity: 'hard', reason: 'ECONNREFUSED' });
}
