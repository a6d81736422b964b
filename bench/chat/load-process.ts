/**
 * The load generator, in a process of its own: holds all sockets of all rooms, and makes one
 * measurement after the other, as the parent says.
 */
import { endWithParent, tellParent } from '../support/child.ts';
import type { Counts } from './ledger.ts';
import { closedLoop, openLoop, settled } from './loops.ts';
import { type Measurement, measurementOf, type Task } from './measurement.ts';
import type { Protocol } from './protocols/protocol.ts';
import { secureconnectProtocol } from './protocols/secureconnect-protocol.ts';
import { socketIoProtocol } from './protocols/socket-io-protocol.ts';
import { Room, type RoomPlan } from './room.ts';
import type { SubjectName } from './subject-names.ts';

export type LoadMessage =
  | { readonly kind: 'open'; readonly name: SubjectName; readonly plans: readonly RoomPlan[] }
  | { readonly kind: 'measure'; readonly task: Task }
  | { readonly kind: 'finish' };

export interface LoadFigures {
  readonly measurements: readonly Measurement[];
  /** Sockets that were closed meanwhile. */
  readonly closed: number;
}

export type LoadReply =
  | { readonly kind: 'done'; readonly figures: LoadFigures | undefined }
  | { readonly kind: 'failed'; readonly reason: string };

/** Messages a second of the open loop. */
const ratePerSecond = 10;
const openMs = 3000;
const rampMs = 500;
const windowMs = 1500;
/** As long as nothing comes, more may come: an instance without Redis looks twice a second. */
const quietMs = 1500;
const finallyQuietMs = 3000;

const protocols: Readonly<Record<SubjectName, Protocol>> = {
  'secureconnect-postgres': secureconnectProtocol,
  'secureconnect-cassandra': secureconnectProtocol,
  'socket.io': socketIoProtocol,
  'socket.io-insert': socketIoProtocol,
};

const rooms = new Map<number, Room>();
const measured: { task: Task; counts: Counts; perSecond: number }[] = [];

async function measure(task: Task): Promise<void> {
  const room = rooms.get(task.sockets);
  if (room === undefined) throw new Error(`there is no room of ${task.sockets} sockets`);
  const counts = room.ledger.begin();
  let perSecond = Number.NaN;
  if (task.loop === 'open') await openLoop(room, { ratePerSecond, durationMs: openMs });
  else perSecond = await closedLoop(room, counts, { rampMs, windowMs });
  await settled(counts, quietMs);
  measured.push({ task, counts, perSecond });
}

async function finish(): Promise<LoadFigures> {
  await Promise.all(measured.map(({ counts }) => settled(counts, finallyQuietMs)));
  return {
    measurements: measured.map(({ task, counts, perSecond }) =>
      measurementOf(task, counts, perSecond),
    ),
    closed: [...rooms.values()].reduce((sum, { closed }) => sum + closed, 0),
  };
}

async function obey(message: LoadMessage): Promise<LoadFigures | undefined> {
  if (message.kind === 'finish') return finish();
  if (message.kind === 'measure') await measure(message.task);
  else {
    for (const plan of message.plans) {
      rooms.set(plan.sockets, await Room.open(protocols[message.name], plan));
    }
  }
  return undefined;
}

function reply(message: LoadReply): void {
  tellParent(message);
}

endWithParent();
process.on('message', (message: LoadMessage) => {
  obey(message).then(
    (figures) => reply({ kind: 'done', figures }),
    (error: unknown) => reply({ kind: 'failed', reason: String(error) }),
  );
});
