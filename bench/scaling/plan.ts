import type { Costs } from './costs.ts';
import type { Workload } from './workload.ts';

/** What a deployment for so many users needs at its busiest time. */
export interface Plan {
  readonly users: number;
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
  readonly requestsPerSecond: number;
  readonly sockets: number;
  /** Processes, each of which uses one core. */
  readonly gatewayInstances: number;
  readonly chatInstances: number;
  readonly authInstances: number;
  readonly storageInstances: number;
  /** That PostgreSQL uses to store messages. */
  readonly databaseCores: number;
  readonly databaseBytes: number;
  readonly redisBytes: number;
}

/**
 * Half of the connections that a process accepts (`maxConnections` of createService), so that the
 * others can take those of a lost instance.
 */
export const socketsOfInstance = 10_000;
/** So that one can be lost or replaced. */
const minInstances = 2;
const secondsOfDay = 86_400;

/** Pure arithmetic on measured costs and assumed habits; per-user figures times users. */
export function planFor(users: number, workload: Workload, costs: Costs): Plan {
  const atPeak = (perDay: number): number =>
    ((users * perDay) / secondsOfDay) * workload.peakFactor;
  const sockets = users * workload.socketsPerUser;
  const messagesPerSecond = atPeak(workload.messagesPerDay);
  const deliveriesPerSecond = messagesPerSecond * (workload.membersPerGroup - 1);
  const requestsPerSecond = atPeak(workload.requestsPerDay);
  const signInsPerSecond = atPeak(workload.signInsPerDay);
  const filesPerSecond = atPeak(workload.filesPerDay);
  const instances = (usPerSecond: number, connections = 0): number =>
    Math.max(
      minInstances,
      Math.ceil(usPerSecond / 1e6 / workload.plannedLoad),
      Math.ceil(connections / socketsOfInstance),
    );
  // A third each of auth, chat and storage: where they go is not known.
  const requestsOfServiceUs = (requestsPerSecond / 3) * costs.serviceRequestUs;
  return {
    ...{ users, messagesPerSecond, deliveriesPerSecond, requestsPerSecond, sockets },
    gatewayInstances: instances(requestsPerSecond * costs.gatewayRequestUs, sockets),
    chatInstances: instances(
      deliveriesPerSecond * costs.chatDeliveryUs +
        sockets * costs.chatIdleSocketUsPerSecond +
        requestsOfServiceUs,
      sockets,
    ),
    authInstances: instances(signInsPerSecond * costs.signInUs + requestsOfServiceUs),
    storageInstances: instances(filesPerSecond * costs.uploadUs + requestsOfServiceUs),
    databaseCores: (messagesPerSecond * costs.databaseMessageUs) / 1e6 / workload.plannedLoad,
    databaseBytes:
      users * (costs.userBytes + workload.messagesPerDay * workload.keptDays * costs.messageBytes),
    redisBytes: users * costs.sessionBytes,
  };
}
