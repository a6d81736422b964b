import { numberIn, type Protocol, type Received } from './protocol.ts';

/** Engine.IO packets are told apart by their first digit, those of Socket.IO by their second. */
const packets = {
  open: '0{',
  enter: '40',
  entered: '40{',
  ping: '2',
  pong: '3',
  event: '42[',
  acknowledgement: '43',
  refused: '44',
};

/** Version 5 of the Socket.IO protocol over version 4 of Engine.IO, WebSocket alone. */
export const socketIoProtocol: Protocol = {
  entersAtOnce: false,
  address: ({ port, room }) =>
    `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket&room=${room}`,
  say: (_room, id, content) => `42${id}${JSON.stringify(['chat', { content }])}`,
  read(text): Received {
    if (text.startsWith(packets.event)) return { kind: 'message', number: numberIn(text) };
    if (text.startsWith(packets.acknowledgement)) {
      return { kind: 'acknowledgement', id: Number.parseInt(text.slice(2), 10) };
    }
    if (text === packets.ping) return { kind: 'question', answer: packets.pong };
    if (text.startsWith(packets.open)) return { kind: 'question', answer: packets.enter };
    if (text.startsWith(packets.entered)) return { kind: 'entered' };
    return text.startsWith(packets.refused) ? { kind: 'refusal', reason: text } : { kind: 'other' };
  },
};
