import type { NodeName, PatientCluster } from './patient-cluster.ts';

const tickMs = 50;
/** A master is pinged after this long without a reply. */
const idleMs = 250;
const maxPingsInFlight = 3;

interface Pulse {
  bytesRead: number;
  readAt: number;
  inFlight: number;
}

/**
 * Pings each idle master of a cluster, however busy the others are: three time-outs reveal a frozen
 * one. Returns a function that ends the pings.
 */
export function pingMasters(cluster: PatientCluster, onAnswer: () => void): () => void {
  let pulses = new Map<NodeName, Pulse>();
  const look = (master: NodeName, slot: number): Pulse => {
    const now = performance.now();
    const pulse = pulses.get(master) ?? { bytesRead: 0, readAt: now, inFlight: 0 };
    const connection = cluster.connectionTo(master);
    const bytesRead = connection?.status === 'ready' ? connection.stream.bytesRead : 0;
    if (bytesRead !== pulse.bytesRead) pulse.readAt = now;
    pulse.bytesRead = bytesRead;
    const isIdle = now - pulse.readAt >= idleMs && pulse.inFlight < maxPingsInFlight;
    if (connection !== undefined && isIdle) ping(pulse, slot);
    return pulse;
  };
  const ping = (pulse: Pulse, slot: number): void => {
    pulse.inFlight += 1;
    cluster
      .ask(slot, 'ping')
      .then(onAnswer, () => undefined) // the client counts what is not answered
      .finally(() => {
        pulse.inFlight -= 1;
      });
  };
  const timer = setInterval(() => {
    const { firstSlots } = cluster.masters();
    pulses = new Map([...firstSlots].map(([master, slot]) => [master, look(master, slot)]));
  }, tickMs);
  timer.unref();
  return () => clearInterval(timer);
}
