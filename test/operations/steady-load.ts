import { setTimeout as delay } from 'node:timers/promises';
import type { Person } from '../soak/people.ts';
import type { LoadBalancer } from './load-balancer.ts';

const perSecond = 200;
/** A machine that is busy with other things falls behind; it must not be buried under what waits. */
const mostAtOnce = 32;

/** Something that a client asks for, and the reply that it must get. */
export interface Kind {
  readonly name: string;
  readonly status: number;
  readonly path: (person: Person) => string;
  readonly body?: (person: Person) => object;
}

/** Requests at a steady rate, as long as few wait for their replies. */
export class SteadyLoad {
  readonly #balancer: LoadBalancer;
  readonly #people: readonly Person[];
  readonly #kinds: readonly Kind[];
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #sent = 0;
  #began = 0;
  /** Correct replies, by the kind of request. */
  readonly good = new Map<string, number>();
  /** The others: when, of what kind, and what came in place of the reply. */
  readonly failed: string[] = [];

  constructor(balancer: LoadBalancer, people: readonly Person[], kinds: readonly Kind[]) {
    this.#balancer = balancer;
    this.#people = people;
    this.#kinds = kinds;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Sends until `during` has resolved, then waits for every reply. Returns the seconds of sending. */
  async run(during: Promise<void>): Promise<number> {
    this.#began = performance.now();
    const sending = this.#send();
    try {
      await during;
    } finally {
      this.#stop.abort();
      await sending;
    }
    const seconds = this.seconds();
    await Promise.all(this.#underWay);
    return seconds;
  }

  async #send(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const isEarly = this.seconds() < this.#sent / perSecond;
      if (isEarly || this.#underWay.size >= mostAtOnce) await delay(2);
      else this.#begin();
    }
  }

  #begin(): void {
    const asked = this.#ask(this.#sent).finally(() => this.#underWay.delete(asked));
    this.#underWay.add(asked);
    this.#sent += 1;
  }

  /** Since it began. */
  seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  async #ask(number: number): Promise<void> {
    const kind = this.#kinds[number % this.#kinds.length];
    const person = this.#people[number % this.#people.length];
    if (kind === undefined || person === undefined) throw new Error('nothing to ask for');
    const sentAt = this.seconds().toFixed(1);
    const fail = (how: string): void => {
      const at = `${sentAt} to ${this.seconds().toFixed(1)} s`;
      this.failed.push(`${at}, ${kind.name}: ${how}`);
    };
    try {
      const reply = await this.#balancer.ask(kind.path(person), {
        ...(kind.body === undefined
          ? {}
          : { method: 'POST', body: JSON.stringify(kind.body(person)) }),
        headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
      });
      const said = await reply.text();
      if (reply.status !== kind.status) fail(`${reply.status} ${said}`);
      else this.good.set(kind.name, (this.good.get(kind.name) ?? 0) + 1);
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      fail(String(cause));
    }
  }
}
