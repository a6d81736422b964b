import { numberIn, type Protocol, type Received } from './protocol.ts';

/** The chat socket of ours. */
export const secureconnectProtocol: Protocol = {
  entersAtOnce: true,
  address: ({ port, room }) => `ws://127.0.0.1:${port}/v1/ws/chat?conversation_id=${room}`,
  say: (room, id, content) =>
    JSON.stringify({ type: 'chat', id: String(id), conversation_id: room, data: { content } }),
  read(text): Received {
    if (text.startsWith('{"type":"chat"')) return { kind: 'message', number: numberIn(text) };
    if (text.startsWith('{"type":"ack"')) {
      return { kind: 'acknowledgement', id: Number(JSON.parse(text).id) };
    }
    return text.startsWith('{"type":"error"')
      ? { kind: 'refusal', reason: text }
      : { kind: 'other' };
  },
};
