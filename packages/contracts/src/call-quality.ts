import { z } from 'zod';
import { Uuid } from './primitives.ts';

/** How long after the end of a call its participants may report on it. */
export const QUALITY_REPORT_MINUTES = 5;
/** Maximum connections on which a user may report in one call. */
export const QUALITY_CONNECTIONS_MAX = 20;

/** `RTCIceCandidateType` of the WebRTC standard. */
export const CandidateType = z.enum(['host', 'srflx', 'prflx', 'relay']);
export type CandidateType = z.infer<typeof CandidateType>;

function count(description: string, example: number) {
  return z
    .int()
    .min(0)
    .max(2_147_483_647)
    .meta({ description, examples: [example] })
    .exactOptional();
}

function milliseconds(max: number, description: string, example: number) {
  return z
    .number()
    .min(0)
    .max(max)
    .meta({ description, examples: [example] })
    .exactOptional();
}

/** A summary of `RTCPeerConnection.getStats()`. Counts are since the connection began. */
export const QualitySummary = z
  .object({
    state: z
      .enum(['new', 'connecting', 'connected', 'disconnected', 'failed', 'closed'])
      .meta({ description: 'connectionState of the connection.' }),
    setup_ms: milliseconds(
      600_000,
      'From the answer of the call (the reply of accept or join, or call_answered) to the first media of the peer. Absent while there is none.',
      840,
    ),
    media_lost: z.boolean().meta({
      description: 'Whether media of the peer came, then stopped, and did not come back.',
      examples: [false],
    }),
    local_candidate_type: CandidateType.exactOptional(),
    remote_candidate_type: CandidateType.exactOptional(),
    relay_protocol: z
      .enum(['udp', 'tcp', 'tls'])
      .meta({ description: 'How the local relay candidate reaches the TURN server.' })
      .exactOptional(),
    round_trip_ms: milliseconds(60_000, 'Round trip of the selected pair.', 38.5),
    jitter_ms: milliseconds(60_000, 'The largest jitter of the received streams.', 4.2),
    packets_sent: count('Packets of media sent.', 12_840),
    packets_sent_lost: count('Of these, lost, as the peer reports.', 3),
    packets_received: count('Packets of media received.', 12_610),
    packets_received_lost: count('Packets of media that did not arrive.', 9),
    frames_decoded: count('Frames of video decoded.', 5400),
    freezes: count('How often received video stood still (freezeCount).', 1),
    ice_restarts: count('ICE restarts.', 0),
    reconnects: count('How often the connection was lost and came back.', 0),
  })
  .meta({ id: 'QualitySummary' });
export type QualitySummary = z.infer<typeof QualitySummary>;

/** Body of `POST /v1/calls/:call_id/quality`. */
export const QualityReport = z.object({
  connection_id: Uuid.meta({
    description: 'A UUID that you make for each RTCPeerConnection.',
  }),
  sequence: z
    .int()
    .min(1)
    .max(100_000)
    .meta({
      description: 'The number of the report on this connection. Only a higher one is stored.',
      examples: [1],
    }),
  peer_id: Uuid.meta({
    description: 'The participant at the other end. Absent if that is a media server.',
  }).exactOptional(),
  summary: QualitySummary,
});
export type QualityReport = z.infer<typeof QualityReport>;

/** Which report on a connection is stored. */
export const StoredQualityReport = z.object({
  call_id: Uuid,
  connection_id: Uuid,
  sequence: z.int().meta({ description: 'The number of the newest report.', examples: [1] }),
});
export type StoredQualityReport = z.infer<typeof StoredQualityReport>;
