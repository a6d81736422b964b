import type { SignalReplies, SignalReply, SignalStatus } from '@secureconnect/contracts';
import type { Signal } from './signal.ts';
import type { Placed } from './sink.ts';
import type { Triage } from './triage.ts';

const messages: Readonly<Record<SignalStatus, string>> = {
  created: 'A remediation request was created.',
  duplicate: 'The signal already has an active remediation request.',
  aggregated: 'The signal is part of a storm, which has one remediation request.',
  resolved: 'The signal is resolved.',
  not_active: 'The signal is resolved and had no active remediation request.',
};

/** The reply for one signal. */
export function signalReply(
  signal: Signal,
  triage: Triage,
  status: SignalStatus,
  placed: Placed | undefined,
): SignalReply {
  const storm = placed?.storm;
  return {
    status,
    message: messages[status],
    fingerprint: signal.fingerprint,
    duplicate: status === 'duplicate',
    ...(placed === undefined
      ? {}
      : {
          remediationRequestName: placed.name,
          remediationRequestNamespace: placed.namespace,
        }),
    ...triage,
    isStorm: storm !== undefined,
    ...(storm === undefined ? {} : { stormType: storm.type, windowID: storm.id }),
  };
}

/** The reply for a signal that shares the request of a different one. */
export function duplicateOf(reply: SignalReply): SignalReply {
  return { ...reply, status: 'duplicate', message: messages.duplicate, duplicate: true };
}

/** The whole reply to a delivery: one signal's reply, or all in order. */
export function deliveryReply(results: readonly SignalReply[]): {
  readonly status: 201 | 202;
  readonly body: SignalReply | SignalReplies;
} {
  const created = results.filter(({ status }) => status === 'created').length;
  const status = created > 0 ? 201 : 202;
  const [first] = results;
  if (first !== undefined && results.length === 1) return { status, body: first };
  const message = `${created} of ${results.length} signals have a new remediation request.`;
  return {
    status,
    body: { status: created > 0 ? 'created' : 'accepted', message, results: [...results] },
  };
}
