import { joinedTexts } from './joined-texts.ts';

/** What a signal is about: `Pod`, `checkout-7d9f`. */
export interface Resource {
  readonly kind: string;
  readonly name: string;
}

/** An alert or an event, whoever sent it, as the rest of the gateway knows it. */
export interface Signal {
  readonly type: 'prometheus-alert' | 'kubernetes-event';
  /** Who says so: `alertmanager`, or the component that wrote the event. */
  readonly source: string;
  readonly status: 'firing' | 'resolved';
  /** The alert's name, or the event's reason. */
  readonly name: string;
  readonly severity: string;
  /** Undefined for what is in no namespace, such as a node. */
  readonly namespace: string | undefined;
  readonly resource: Resource;
  /** The same for everything that one remediation request would answer. */
  readonly fingerprint: string;
  /** Tells alerts apart that share a fingerprint, such as those of two containers of a Pod. */
  readonly alertKey: string;
  /** Tells one time that it fires from the next; the same in each delivery of that. */
  readonly occurrence: string;
  /** When the sender says that it began; its clock may be wrong. */
  readonly firingAt: Date;
  /** When a resolved one ended, by the sender's clock. */
  readonly endedAt: Date | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What else the sender says that leads back to it. */
  readonly providerData: Readonly<Record<string, string>>;
  /** The JSON that arrived. */
  readonly originalPayload: string;
  /** Fields of a remediation request of which something was cut: `signalAnnotations.summary`. */
  readonly cutFields: readonly string[];
}

/**
 * `namespace:Kind:name`, with nothing before the first colon where there is no namespace; another text
 * where that would not be clear.
 */
export function resourceText({ namespace, resource }: Pick<Signal, 'namespace' | 'resource'>) {
  return joinedTexts([namespace ?? '', resource.kind, resource.name]);
}
