import { expect, it } from 'vitest';
import { summaryOf } from './quality-summary.ts';

const stat = (type: string, id: string, values: object) => [id, { type, id, ...values }] as const;

const streams = [
  stat('inbound-rtp', 'sound', { packetsReceived: 50, packetsLost: -1, jitter: 0.002 }),
  stat('inbound-rtp', 'picture', {
    ...{ packetsReceived: 100, packetsLost: 4, jitter: 0.0125, framesDecoded: 30, freezeCount: 1 },
  }),
  stat('outbound-rtp', 'own', { packetsSent: 70 }),
  stat('remote-inbound-rtp', 'there', { packetsLost: 2 }),
];
const candidates = [
  stat('local-candidate', 'here', { candidateType: 'relay', relayProtocol: 'udp' }),
  stat('remote-candidate', 'far', { candidateType: 'srflx' }),
];
const pair = { localCandidateId: 'here', remoteCandidateId: 'far', currentRoundTripTime: 0.25 };
const counts = {
  ...{ jitter_ms: 12.5, packets_received: 150, packets_received_lost: 3, frames_decoded: 30 },
  ...{ freezes: 1, packets_sent: 70, packets_sent_lost: 2 },
};
const path = {
  ...{ local_candidate_type: 'relay', remote_candidate_type: 'srflx', relay_protocol: 'udp' },
  round_trip_ms: 250,
};

it('sums up all streams, and the pair that the transport has selected', () => {
  const other = stat('candidate-pair', 'other', { ...pair, localCandidateId: 'far' });
  const stats = new Map([
    ...streams,
    ...candidates,
    other,
    stat('candidate-pair', 'chosen', pair),
    stat('transport', 'way', { selectedCandidatePairId: 'chosen' }),
  ]);
  expect(summaryOf(stats)).toEqual({ ...counts, ...path });
});

it('takes the nominated pair in a browser without statistics of transports', () => {
  const nominated = stat('candidate-pair', 'chosen', { ...pair, nominated: true });
  expect(summaryOf(new Map([...streams, ...candidates, nominated]))).toEqual({
    ...counts,
    ...path,
  });
});

it('leaves out what a connection without candidates does not have', () => {
  expect(summaryOf(new Map([]))).toEqual({
    ...{ jitter_ms: 0, packets_received: 0, packets_received_lost: 0, frames_decoded: 0 },
    ...{ freezes: 0, packets_sent: 0, packets_sent_lost: 0 },
  });
});
