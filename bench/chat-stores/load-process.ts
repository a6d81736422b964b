/**
 * The load generator, in a process of its own: holds the sockets of all rooms, eight of which speak
 * in the room that the parent names.
 */
import { closedLoop, settled } from '../chat/loops.ts';
import { measurementOf } from '../chat/measurement.ts';
import type { Protocol } from '../chat/protocols/protocol.ts';
import { secureconnectProtocol } from '../chat/protocols/secureconnect-protocol.ts';
import { Room, type RoomPlan } from '../chat/room.ts';
import { endWithParent, tellParent } from '../support/child.ts';
import type { Loop } from './measurement.ts';
import type { SubjectName } from './subject-names.ts';
import { xmppProtocol } from './xmpp-protocol.ts';

export type LoadMessage =
  | { readonly kind: 'open'; readonly name: SubjectName; readonly plans: readonly RoomPlan[] }
  | { readonly kind: 'speak'; readonly sockets: number; readonly durationMs: number };

export type LoadReply =
  | { readonly kind: 'done'; readonly loop: Loop | undefined }
  | { readonly kind: 'failed'; readonly reason: string };

/** As long as nothing comes, more may come. */
const quietMs = 1500;

const protocols: Readonly<Record<SubjectName, Protocol>> = {
  secureconnect: secureconnectProtocol,
  floor: secureconnectProtocol,
  ejabberd: xmppProtocol,
  prosody: xmppProtocol,
};

const rooms = new Map<number, Room>();

async function speak(sockets: number, durationMs: number): Promise<Loop> {
  const room = rooms.get(sockets);
  if (room === undefined) throw new Error(`there is no room of ${sockets} sockets`);
  if (room.closed > 0) throw new Error(`${room.closed} sockets are closed`);
  const counts = room.ledger.begin();
  const startedMs = performance.now();
  await closedLoop(room, counts, { rampMs: 0, windowMs: durationMs });
  const seconds = (performance.now() - startedMs) / 1000;
  await settled(counts, quietMs);
  const { messages, refused, due, missed, doubled, allMs } = measurementOf(
    { state: 'normal', sockets: 10, loop: 'closed' },
    counts,
    Number.NaN,
  );
  return { stored: messages, refused, due, missed, doubled, seconds, p50Ms: allMs.p50 };
}

async function obey(message: LoadMessage): Promise<Loop | undefined> {
  if (message.kind === 'speak') return speak(message.sockets, message.durationMs);
  for (const plan of message.plans) {
    rooms.set(plan.sockets, await Room.open(protocols[message.name], plan));
  }
  return undefined;
}

endWithParent();
process.on('message', (message: LoadMessage) => {
  obey(message).then(
    (loop) => tellParent({ kind: 'done', loop } satisfies LoadReply),
    (error: unknown) => tellParent({ kind: 'failed', reason: String(error) } satisfies LoadReply),
  );
});
