/** The clients, in a process of their own: each message opens some more sockets, which stay idle. */

import { ChatSocket } from '../chat/chat-socket.ts';
import type { Protocol } from '../chat/protocols/protocol.ts';
import { secureconnectProtocol } from '../chat/protocols/secureconnect-protocol.ts';
import { socketIoProtocol } from '../chat/protocols/socket-io-protocol.ts';
import { endWithParent, tellParent } from '../support/child.ts';
import { each } from '../support/each.ts';
import type { Person } from './backends.ts';
import type { SubjectName } from './subject-names.ts';

export interface Opening {
  readonly name: SubjectName;
  readonly port: number;
  readonly people: readonly Person[];
}

export type Opened =
  | { readonly kind: 'done'; readonly open: number }
  | { readonly kind: 'failed'; readonly reason: string };

const openedAtOnce = 25;

const protocols: Readonly<Record<SubjectName, Protocol>> = {
  ws: { ...secureconnectProtocol, address: ({ port }) => `ws://127.0.0.1:${port}` },
  'socket.io': socketIoProtocol,
  // As clients do: one socket for all conversations of the user.
  secureconnect: {
    ...secureconnectProtocol,
    address: ({ port }) => `ws://127.0.0.1:${port}/v1/ws/chat`,
  },
};

const sockets: ChatSocket[] = [];

async function open({ name, port, people }: Opening): Promise<void> {
  await each(people, openedAtOnce, async (person) => {
    sockets.push(await ChatSocket.open(protocols[name], { port, ...person }, () => undefined));
  });
}

endWithParent();
process.on('message', (message: Opening) => {
  open(message).then(
    () => tellParent({ kind: 'done', open: sockets.filter(({ isOpen }) => isOpen).length }),
    (error: unknown) => tellParent({ kind: 'failed', reason: String(error) }),
  );
});
