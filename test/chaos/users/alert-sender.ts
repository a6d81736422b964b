import { fingerprintOf } from '../../../services/gateway/src/signals/fingerprint.ts';
import { signalsToken } from '../../support/stack.ts';
import type { Client } from '../client.ts';
import type { DeliveredAlert, Operation } from '../history.ts';
import type { Random } from '../random.ts';
import type { SimulatedUser } from './user.ts';

/** What is delivered of one alert until it is accepted: that it fires, or that it is over. */
interface Notice extends DeliveredAlert {
  readonly labels: AlertLabels;
  readonly endsAt: string;
}

interface AlertLabels {
  readonly alertname: string;
  readonly pod: string;
}

const alertsOfASender = 8;
const maxInBatch = 3;
const namespace = 'payments';
const notEnded = '0001-01-01T00:00:00Z';
const accepted = [201, 202];

/**
 * Names of their own: each makes a storm only when it has fired often within a minute. One name for
 * all: so many Pods are a storm at once.
 */
export type AlertNaming = 'a name each' | 'one name';

/**
 * Two Alertmanagers that are one cluster: each of its alerts fires, is resolved and fires again, and
 * is delivered by both at once, until both were accepted.
 */
export class AlertSender implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 200, to: 900 };
  readonly #client: Client;
  readonly #alerts: readonly AlertLabels[];
  readonly #firing = new Map<AlertLabels, Notice>();
  #due: readonly Notice[] = [];

  constructor(client: Client, naming: AlertNaming) {
    const { user, random } = client.options;
    this.#client = client;
    this.name = user;
    this.random = random;
    this.#alerts = Array.from({ length: alertsOfASender }, (_, number) =>
      naming === 'one name'
        ? { alertname: `ChaosStorm-${user}`, pod: `checkout-${number}` }
        : { alertname: `Chaos-${user}-${number}`, pod: 'checkout-1' },
    );
  }

  /** Something new, unless what was said last has to be said again. */
  async step(): Promise<void> {
    if (this.#due.length === 0) this.#due = this.#news();
    const both = await Promise.all([
      deliver(this.#client, this.#due),
      deliver(this.#client, this.#due),
    ]);
    if (both.every(({ status }) => accepted.includes(status))) this.#due = [];
  }

  #news(): Notice[] {
    const count = this.random.integer(1, maxInBatch);
    const { size } = this.#firing;
    const isOver =
      size === alertsOfASender || (size > alertsOfASender / 2 && this.random.chance(0.7));
    const chosen = this.random
      .shuffled(this.#alerts)
      .filter((alert) => this.#firing.has(alert) === isOver)
      .slice(0, count);
    return chosen.map((alert) => this.#next(alert));
  }

  #next(labels: AlertLabels): Notice {
    const at = new Date().toISOString();
    const fired = this.#firing.get(labels);
    if (fired !== undefined) {
      this.#firing.delete(labels);
      return { ...fired, status: 'resolved', endsAt: at };
    }
    const { alertname: name, pod } = labels;
    const fingerprint = fingerprintOf({ name, namespace, resource: { kind: 'Pod', name: pod } });
    const notice = { fingerprint, labels, status: 'firing', startsAt: at } as const;
    const firing = { ...notice, endsAt: notEnded };
    this.#firing.set(labels, firing);
    return firing;
  }
}

/** One delivery of these alerts, to any gateway. */
async function deliver(client: Client, notices: readonly Notice[]): Promise<Operation> {
  const body = {
    version: '4',
    receiver: 'secureconnect',
    alerts: notices.map(({ labels, status, startsAt, endsAt }) => ({
      labels: { ...labels, namespace, severity: 'warning' },
      ...{ status, startsAt, endsAt },
    })),
  };
  const alerts = notices.map(({ fingerprint, status, startsAt }) => ({
    ...{ fingerprint, status, startsAt },
  }));
  const { operation } = await client.send('deliver alerts', {
    ...{ token: signalsToken, body, expected: accepted, facts: { alerts }, direct: true },
  });
  return operation;
}

/** An alert that nobody else has, which fires once. */
export async function deliverOne(client: Client): Promise<void> {
  await new AlertSender(client, 'a name each').step();
}
