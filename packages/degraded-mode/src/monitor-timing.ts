/** The pace of the probes, in milliseconds. */
export interface MonitorTiming {
  /** How long the first connection is awaited. Default 500. */
  readonly connectionLimitMs: number;
  /** Between full probes while unavailable; jittered by a fifth. Default 250. */
  readonly probeIntervalMs: number;
  /** Redis is pinged after this long without a reply. Default 250. */
  readonly idleMs: number;
  /** Between further pings without a reply: three distinguish a freeze from a hiccup. Default 25. */
  readonly silentMs: number;
  /** The time limit of a probe, for clients without one. Default 1,000. */
  readonly probeLimitMs: number;
  /** The time limit of a reconciler. Default 30,000. */
  readonly reconcilerLimitMs: number;
}

/** The measured defaults. */
export const defaultTiming: MonitorTiming = {
  connectionLimitMs: 500,
  probeIntervalMs: 250,
  idleMs: 250,
  silentMs: 25,
  probeLimitMs: 1000,
  reconcilerLimitMs: 30_000,
};
