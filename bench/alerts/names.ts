/** Who takes the alerts, in the order of the tables; the first of the gateways is compared with it. */
export const receiverNames = ['one gateway', 'two gateways', 'Express and SQL alone'] as const;
export type ReceiverName = (typeof receiverNames)[number];

/** What is delivered: alerts that nobody has seen, ones that are active already, ones of storms. */
export const trafficNames = ['new', 'duplicate', 'storm'] as const;
export type TrafficName = (typeof trafficNames)[number];

/** What one run says of a receiver and a kind of traffic. */
export interface Figures {
  /** Accepted alerts, of deliveries of one alert each. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Deliveries that were answered anything but 201 or 202. */
  readonly refused: number;
}

/** How often each outcome was answered: `created`, `duplicate`, `aggregated`. */
export type Outcomes = Readonly<Record<string, number>>;
