import { figure } from './figures.ts';

/** What one of each thing costs, as measured; all but the limits stand in docs/benchmarks.md. */
export interface Costs {
  readonly gatewayRequestUs: number;
  readonly gatewayUpgradeUs: number;
  readonly serviceRequestUs: number;
  readonly chatMessageUs: number;
  readonly chatDeliveryUs: number;
  readonly chatIdleSocketUsPerSecond: number;
  readonly chatOpenSocketUs: number;
  readonly chatSocketKiB: number;
  readonly chatProcessMiB: number;
  readonly gatewayProcessMiB: number;
  readonly databaseMessageUs: number;
  readonly signInUs: number;
  readonly uploadUs: number;
  readonly userBytes: number;
  readonly sessionBytes: number;
  readonly messageBytes: number;
}

const room = '10 members';
/** `bench:fleet` says 50 messages a second in groups of ten, so 450 deliveries are due. */
const fleet = { deliveriesPerSecond: 450, sockets: 10_000 };
/** Of the machine of `bench:sign-in`, both of which bcrypt used. */
const signInCores = 2;

/** @param text the text of docs/benchmarks.md; default: as it is */
export function measuredCosts(text?: string): Costs {
  const of = (section: string, row: string, column: string, part?: string): number =>
    figure({ section, row, column, ...(part === undefined ? {} : { part }) }, text);
  const ours = 'SecureConnect';
  const idleMsPerSecond = of('fleet', 'processor time while all are idle', 'figure');
  const deliveryUs = of('fleet', 'normal', 'CPU of a delivery, µs');
  return {
    gatewayRequestUs: of('gateway', ours, 'CPU per request', 'GET'),
    gatewayUpgradeUs: of('gateway', ours, 'CPU per request', 'upgrade of a socket'),
    serviceRequestUs: of('trees', 'chat: `GET /v1/messages`', 'now'),
    chatMessageUs: of('chat-stores', `${ours}, ${room}`, 'CPU µs per message, server'),
    // Without what the sockets cost while nobody says anything.
    chatDeliveryUs: deliveryUs - (idleMsPerSecond * 1000) / fleet.deliveriesPerSecond,
    chatIdleSocketUsPerSecond: (idleMsPerSecond * 1000) / fleet.sockets,
    chatOpenSocketUs: of('fleet', 'processor time to open one', 'figure') * 1000,
    chatSocketKiB: of('memory', 'SecureConnect chat', '5,000 to 10,000'),
    chatProcessMiB: of('memory', 'SecureConnect chat', 'whole process with 1,000, MiB'),
    gatewayProcessMiB: of('gateway', ours, 'memory', 'GET'),
    databaseMessageUs: of('chat-stores', `${ours}, ${room}`, 'CPU µs per message, database'),
    signInUs: (signInCores * 1e6) / of('sign-in', 'Redis up', 'a second'),
    uploadUs: of('storage', '100 kB | directory, presigned', 'CPU of the server, an upload') * 1000,
    userBytes: of('stored', 'user with one session', 'PostgreSQL, bytes'),
    sessionBytes: of('stored', 'user with one session', 'Redis, bytes'),
    messageBytes: of('stored', 'message of 100 characters', 'PostgreSQL, bytes'),
  };
}
