/**
 * The clients, in a process of their own: groups whose members are on all instances. Does one thing
 * after the other, as the parent says.
 */
import type { Counts } from '../chat/ledger.ts';
import { openLoop, settled } from '../chat/loops.ts';
import { secureconnectProtocol } from '../chat/protocols/secureconnect-protocol.ts';
import { Room } from '../chat/room.ts';
import { membersOfGroup, type Person } from '../memory/backends.ts';
import { endWithParent, tellParent } from '../support/child.ts';
import { each } from '../support/each.ts';
import { percentile } from '../support/statistics.ts';

export type LoadMessage =
  | { readonly kind: 'open'; readonly ports: readonly number[]; readonly people: readonly Person[] }
  | { readonly kind: 'speak'; readonly ratePerSecond: number; readonly durationMs: number }
  | { readonly kind: 'reopen'; readonly gone: number; readonly ports: readonly number[] };

/** What became of what was said. */
export interface Heard {
  readonly messages: number;
  readonly refused: number;
  readonly due: number;
  readonly missed: number;
  readonly doubled: number;
  /** From when a message was due to be said to its delivery, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export type LoadReply =
  | { readonly kind: 'opened'; readonly sockets: number }
  | { readonly kind: 'heard'; readonly heard: Heard }
  | { readonly kind: 'failed'; readonly reason: string };

const roomsAtOnce = 2;
/** As long as nothing comes, more may come: an instance without Redis looks twice a second. */
const quietMs = 3000;

// As clients do: one socket for all conversations of the user.
const protocol = {
  ...secureconnectProtocol,
  address: ({ port }: { readonly port: number }) => `ws://127.0.0.1:${port}/v1/ws/chat`,
};

const rooms: Room[] = [];

async function open(ports: readonly number[], people: readonly Person[]): Promise<number> {
  const groups = Array.from({ length: people.length / membersOfGroup }, (_, group) =>
    people.slice(group * membersOfGroup, (group + 1) * membersOfGroup),
  );
  await each(groups, roomsAtOnce, async (members) => {
    const tokens = members.map(({ token }) => token);
    const room = members[0]?.room ?? '';
    rooms.push(await Room.open(protocol, { room, sockets: members.length, ports, tokens }));
  });
  return rooms.reduce((sum, { size, closed }) => sum + size - closed, 0);
}

async function speak(pace: { ratePerSecond: number; durationMs: number }): Promise<Heard> {
  const parts = rooms.map(({ ledger }) => ledger.begin());
  let turn = 0;
  const inTurn = {
    say: async (sender: number, dueMs: number): Promise<boolean> => {
      const room = rooms[turn % rooms.length];
      turn += 1;
      if (room === undefined) throw new Error('no room is open');
      return room.say(sender, dueMs);
    },
  };
  await openLoop(inTurn, pace);
  await Promise.all(parts.map((part) => settled(part, quietMs)));
  return heardOf(parts);
}

function heardOf(parts: readonly Counts[]): Heard {
  const sum = (pick: (part: Counts) => number): number =>
    parts.reduce((total, part) => total + pick(part), 0);
  const latencies = parts.flatMap(({ nearMs, farMs }) => [...nearMs, ...farMs]);
  return {
    messages: sum(({ messages }) => messages),
    refused: sum(({ refused }) => refused),
    due: sum(({ due }) => due),
    missed: sum(({ due, arrived }) => due - arrived),
    doubled: sum(({ doubled }) => doubled),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

async function obey(message: LoadMessage): Promise<LoadReply> {
  if (message.kind === 'speak') return { kind: 'heard', heard: await speak(message) };
  if (message.kind === 'open') {
    return { kind: 'opened', sockets: await open(message.ports, message.people) };
  }
  let sockets = 0;
  await each(rooms, roomsAtOnce, async (room) => {
    const reopened = await room.reopen(message.gone, message.ports);
    sockets += reopened;
  });
  return { kind: 'opened', sockets };
}

endWithParent();
process.on('message', (message: LoadMessage) => {
  obey(message).then(tellParent, (error: unknown) =>
    tellParent({ kind: 'failed', reason: String(error) }),
  );
});
