import { joinedTexts } from './joined-texts.ts';

/** The resource of a signal, such as `Pod`, `checkout-7d9f`. */
export interface Resource {
  readonly kind: string;
  readonly name: string;
}

/** An alert or an event, independent of its sender. */
export interface Signal {
  readonly type: 'prometheus-alert' | 'kubernetes-event';
  /** `alertmanager`, or the component that wrote the event. */
  readonly source: string;
  readonly status: 'firing' | 'resolved';
  /** The alert's name, or the event's reason. */
  readonly name: string;
  readonly severity: string;
  /** Undefined for resources without a namespace, such as a node. */
  readonly namespace: string | undefined;
  readonly resource: Resource;
  /** The same for all signals that share one remediation request. */
  readonly fingerprint: string;
  /** Distinguishes alerts with the same fingerprint, such as those of two containers of a Pod. */
  readonly alertKey: string;
  /** Distinguishes one firing from the next; the same in each delivery of a firing. */
  readonly occurrence: string;
  /** The start by the sender's clock, which may be wrong. */
  readonly firingAt: Date;
  /** The end of a resolved signal, by the sender's clock. */
  readonly endedAt: Date | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Further data from the sender that identifies the signal there. */
  readonly providerData: Readonly<Record<string, string>>;
  /** The JSON as it arrived. */
  readonly originalPayload: string;
  /** Truncated fields of the remediation request, such as `signalAnnotations.summary`. */
  readonly cutFields: readonly string[];
}

/**
 * `namespace:Kind:name`, with an empty namespace if there is none; a different unique text if that
 * would be ambiguous.
 */
export function resourceText({ namespace, resource }: Pick<Signal, 'namespace' | 'resource'>) {
  return joinedTexts([namespace ?? '', resource.kind, resource.name]);
}
