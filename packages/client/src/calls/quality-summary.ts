import type { Schemas } from '../http/routes.ts';
import type { StatsReport } from './platform.ts';

/** What is read of the statistics of a connection. */
export type StatsSummary = Omit<Schemas['QualitySummary'], 'state' | 'media_lost' | 'setup_ms'>;

/** Of each kind of statistics in the WebRTC standard, what is used here. */
interface Stat {
  readonly id: string;
  readonly type: string;
  readonly selectedCandidatePairId?: string;
  readonly nominated?: boolean;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: NonNullable<StatsSummary['local_candidate_type']>;
  readonly relayProtocol?: NonNullable<StatsSummary['relay_protocol']>;
  readonly currentRoundTripTime?: number;
  readonly jitter?: number;
  readonly packetsSent?: number;
  readonly packetsReceived?: number;
  /** May be below zero, where packets came twice. */
  readonly packetsLost?: number;
  readonly framesDecoded?: number;
  readonly freezeCount?: number;
}

type Counted = 'packetsSent' | 'packetsReceived' | 'packetsLost' | 'framesDecoded' | 'freezeCount';

/** Sums up `getStats()` of one connection, as docs/calls.md says. */
export function summaryOf(report: StatsReport): StatsSummary {
  const stats: Stat[] = [];
  report.forEach((stat: object) => void stats.push(stat as Stat));
  const all = (type: string): Stat[] => stats.filter((one) => one.type === type);
  const byId = (id: string | undefined) => stats.find((one) => one.id === id);
  const sum = (type: string, key: Counted): number =>
    Math.max(
      0,
      all(type).reduce((total, one) => total + (one[key] ?? 0), 0),
    );
  const selected = byId(all('transport')[0]?.selectedCandidatePairId);
  const pair = selected ?? all('candidate-pair').find(({ nominated }) => nominated === true);
  const local = byId(pair?.localCandidateId);
  const roundTripSeconds = pair?.currentRoundTripTime;
  return {
    ...known({
      local_candidate_type: local?.candidateType,
      remote_candidate_type: byId(pair?.remoteCandidateId)?.candidateType,
      relay_protocol: local?.relayProtocol,
      round_trip_ms: roundTripSeconds === undefined ? undefined : roundTripSeconds * 1000,
    }),
    jitter_ms: Math.max(0, ...all('inbound-rtp').map(({ jitter = 0 }) => jitter * 1000)),
    packets_sent: sum('outbound-rtp', 'packetsSent'),
    packets_sent_lost: sum('remote-inbound-rtp', 'packetsLost'),
    packets_received: sum('inbound-rtp', 'packetsReceived'),
    packets_received_lost: sum('inbound-rtp', 'packetsLost'),
    frames_decoded: sum('inbound-rtp', 'framesDecoded'),
    freezes: sum('inbound-rtp', 'freezeCount'),
  };
}

type Known<Values> = { [Key in keyof Values]?: NonNullable<Values[Key]> };

function known<Values extends object>(values: Values): Known<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Known<Values>;
}
