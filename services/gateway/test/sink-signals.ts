import { randomBytes, randomUUID } from 'node:crypto';
import { Alert } from '@secureconnect/contracts';
import { fingerprintOf } from '../src/signals/fingerprint.ts';
import { signalOfAlert } from '../src/signals/from-alert.ts';
import type { Signal } from '../src/signals/signal.ts';
import type { Draft, RemediationSink } from '../src/signals/sink.ts';

/** A signal about a Pod, as something that nobody else has named. */
export function signal(more: Partial<Signal> = {}): Signal {
  const name = more.name ?? `Contract${randomUUID().slice(0, 8)}`;
  const namespace = 'payments';
  const resource = more.resource ?? { kind: 'Pod', name: 'checkout-1' };
  return {
    type: 'prometheus-alert',
    source: 'alertmanager',
    status: 'firing',
    name,
    severity: 'critical',
    namespace,
    resource,
    fingerprint: fingerprintOf({ name, namespace, resource }),
    alertKey: name,
    occurrence: '1',
    firingAt: new Date('2026-01-01T12:00:00Z'),
    endedAt: undefined,
    labels: { alertname: name },
    annotations: { summary: 'it does not answer' },
    providerData: { receiver: 'secureconnect' },
    originalPayload: '{"odd":"\\u0000"}',
    cutFields: [],
    ...more,
  };
}

/** A signal of an alert that fills a delivery and is cut everywhere, with all that JSON can hold. */
export function cutSignal(): Signal {
  const odd = `${randomBytes(2500).toString('hex')}\0\ud800"\\\u0001`;
  const texts = Object.fromEntries(
    Array.from({ length: 200 }, (_, n) => [`"\\\u0001\u2028.${n}`, '"\\\n\0\ud800']),
  );
  const original = {
    status: 'firing',
    labels: { ...texts, alertname: odd, namespace: odd, pod: odd, severity: odd },
    annotations: { ...texts, odd: odd.repeat(2) },
    startsAt: '9999-12-31T23:59:59-23:59',
    generatorURL: odd.repeat(2),
    extra: '"'.repeat(25_000),
  };
  const delivery = { receiver: odd, groupKey: odd, externalURL: odd };
  return signalOfAlert(Alert.parse(original), delivery, original);
}

export function draft(of: Signal, receivedAt = new Date()): Draft {
  const triage = { environment: 'prod', priority: 'P0', remediationPath: 'aggressive' } as const;
  return { signal: of, triage, receivedAt };
}

/** Several sinks over one store as one: each call goes to the next of them. */
export function takingTurns(sinks: readonly RemediationSink[]): RemediationSink {
  let turn = 0;
  const next = (): RemediationSink => {
    const sink = sinks[turn % sinks.length];
    turn += 1;
    if (sink === undefined) throw new Error('there is no sink');
    return sink;
  };
  return {
    repeat: (...given) => next().repeat(...given),
    open: (...given) => next().open(...given),
    aggregate: (...given) => next().aggregate(...given),
    close: (...given) => next().close(...given),
    find: (...given) => next().find(...given),
    list: (...given) => next().list(...given),
    purge: (...given) => next().purge(...given),
    check: () => next().check(),
  };
}
