import { setTimeout as delay } from 'node:timers/promises';
import type { SignalReplies, SignalReply } from '@secureconnect/contracts';
import type { Random } from '../chaos/random.ts';
import { signalsToken } from '../support/stack.ts';
import type { Operation } from './history.ts';
import { type PlannedDelivery, webhookOf } from './plan.ts';

export interface SenderOptions {
  readonly name: string;
  /** The gateways' addresses; each attempt goes to any of them, as behind one name. */
  readonly urls: readonly string[];
  readonly random: Random;
  readonly nowUs: () => number;
  readonly record: (operation: Operation) => void;
  /** Told of the status of each attempt: 0 where no reply came. */
  readonly attempted: (status: number) => void;
  /** The end of the run: nothing is sent again. */
  readonly signal: AbortSignal;
}

/** Alertmanager's is 500 ms, half as much again each time, up to 60 s; here shortened. */
const backOffMs = { first: 25, growth: 1.5, longest: 400 } as const;
const maxReplyMs = 5000;

/**
 * Delivers as Alertmanager does: what was answered 5xx, or not at all, it sends again; every other
 * status ends the delivery.
 */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Delivers until it is accepted. Throws Error where Alertmanager would drop it: at any 4xx. */
  async deliver(delivery: PlannedDelivery): Promise<void> {
    const { random, urls, signal } = this.#options;
    let pauseMs: number = backOffMs.first;
    while (!(await this.attempt(random.pick(urls), delivery))) {
      await delay(pauseMs * (0.5 + random.next()), undefined, { signal });
      pauseMs = Math.min(backOffMs.longest, pauseMs * backOffMs.growth);
    }
  }

  /** Sends once; resolves to whether it was accepted. Throws as `deliver` does. */
  async attempt(url: string, delivery: PlannedDelivery): Promise<boolean> {
    const { nowUs, attempted } = this.#options;
    const calledUs = nowUs();
    const reply = await post(url, JSON.stringify(webhookOf(delivery)));
    const returnedUs = nowUs();
    attempted(reply?.status ?? 0);
    if (reply === undefined || reply.status >= 500) {
      this.#note(delivery, () => ({ calledUs, outcome: 'unknown' }));
      return false;
    }
    if (reply.status !== 201 && reply.status !== 202) {
      throw new Error(`Alertmanager drops what is answered ${reply.status}: ${reply.text}`);
    }
    const results = resultsIn(reply.text, delivery.alerts.length);
    this.#note(delivery, (index) => ({ calledUs, returnedUs, ...outcomeOf(results[index]) }));
    return true;
  }

  #note(
    { status, alerts, startsAtMs, endsAtMs }: PlannedDelivery,
    outcome: (index: number) => Pick<Operation, 'calledUs' | 'returnedUs' | 'outcome' | 'name'>,
  ): void {
    const { name: client, record } = this.#options;
    const kind = status === 'firing' ? 'fire' : 'resolve';
    const atMs = status === 'firing' ? startsAtMs : (endsAtMs ?? startsAtMs);
    for (const [index, { fingerprint }] of alerts.entries()) {
      record({ client, fingerprint, kind, atMs, ...outcome(index) });
    }
  }
}

/** Sends one delivery; undefined where no reply came. */
async function post(
  url: string,
  body: string,
): Promise<{ readonly status: number; readonly text: string } | undefined> {
  try {
    const response = await fetch(`${url}/api/v1/signals/prometheus`, {
      method: 'POST',
      signal: AbortSignal.timeout(maxReplyMs),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${signalsToken}` },
      body,
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined; // Whatever the reason: it may have been taken.
  }
}

function resultsIn(text: string, count: number): readonly SignalReply[] {
  const body: SignalReply & Partial<SignalReplies> = JSON.parse(text);
  const results = body.results ?? [body];
  if (results.length === count) return results;
  throw new Error(`${results.length} results of ${count} alerts: ${text}`);
}

function outcomeOf(reply: SignalReply | undefined): Pick<Operation, 'outcome' | 'name'> {
  if (reply === undefined || reply.status === 'aggregated') {
    throw new Error('no alert of these runs is part of a storm');
  }
  const { status: outcome, remediationRequestName: name } = reply;
  return name === undefined ? { outcome } : { outcome, name };
}
