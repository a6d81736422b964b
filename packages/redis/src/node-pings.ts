import type { NodeName, PatientCluster } from './patient-cluster.ts';

const tickMs = 50;
/** Idle this long, a master is asked whether it is there. */
const idleMs = 250;
const maxPingsInFlight = 3;

interface Pulse {
  bytesRead: number;
  readAt: number;
  inFlight: number;
}

/**
 * Pings each master of a cluster that has said nothing for a while, however busy the others are:
 * three time-outs tell one that is frozen. Returns what ends that.
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
