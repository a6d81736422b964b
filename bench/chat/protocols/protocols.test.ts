import { describe, expect, it } from 'vitest';
import { contentOf, numberIn } from './protocol.ts';
import { secureconnectProtocol } from './secureconnect-protocol.ts';
import { socketIoProtocol } from './socket-io-protocol.ts';

const id = '3f2c7a54-5d0e-4b1c-9a2e-0d6f6f1f7a01';
/** Where these protocols do not look. */
const nowhere = { port: 0, room: '', token: '' };
const frame = {
  conversation_id: id,
  from: id,
  at: '2026-01-01T12:00:00.000Z',
  cursor: id,
  data: { message_id: id, content: contentOf(1207), metadata: {} },
};

describe('the number of a message', () => {
  it('is found in its content, however that is wrapped', () => {
    for (const number of [0, 7, 1207, 1_000_000]) {
      expect(numberIn(JSON.stringify({ content: contentOf(number) }))).toBe(number);
    }
    expect(numberIn('{"content":"hello"}')).toBeNaN();
  });
});

describe('the chat socket of ours', () => {
  const { address, say } = secureconnectProtocol;
  const read = (text: string) => secureconnectProtocol.read(text, nowhere);

  it('is opened with its conversation, and sends to it', () => {
    const place = { port: 8082, room: id, token: 'a token' };
    expect(address(place)).toBe(`ws://127.0.0.1:8082/v1/ws/chat?conversation_id=${id}`);
    expect(JSON.parse(say(id, 5, 'hello'))).toEqual({
      ...{ type: 'chat', id: '5', conversation_id: id },
      data: { content: 'hello' },
    });
  });

  it('brings messages, acknowledgements, refusals and joins', () => {
    expect(read(JSON.stringify({ type: 'chat', ...frame }))).toEqual({
      ...{ kind: 'message', number: 1207 },
    });
    const acknowledged = { type: 'ack', message: frame.data, id: '5', meta: { degraded: [] } };
    expect(read(JSON.stringify(acknowledged))).toEqual({ kind: 'acknowledgement', id: 5 });
    const refused = JSON.stringify({ type: 'error', code: 'RATE_LIMITED', message: 'Too many' });
    expect(read(refused)).toEqual({ kind: 'refusal', reason: refused });
    expect(read('{"type":"user_joined"}')).toEqual({ kind: 'other' });
  });
});

describe('the protocol of Socket.IO', () => {
  const { address, say } = socketIoProtocol;
  const read = (text: string) => socketIoProtocol.read(text, nowhere);

  it('is opened over WebSocket alone, with the room', () => {
    const place = { port: 3000, room: 'room-10', token: '' };
    expect(address(place)).toBe(
      'ws://127.0.0.1:3000/socket.io/?EIO=4&transport=websocket&room=room-10',
    );
  });

  it('sends an event with the number of its acknowledgement', () => {
    expect(say('room-10', 12, 'hello "you"')).toBe(
      String.raw`4212["chat",{"content":"hello \"you\""}]`,
    );
  });

  it('enters when it is opened, and answers pings', () => {
    expect(read('0{"sid":"x"}')).toEqual({ kind: 'question', answer: '40' });
    expect(read('40{"sid":"x"}')).toEqual({ kind: 'entered' });
    expect(read('2')).toEqual({ kind: 'question', answer: '3' });
  });

  it('brings messages, acknowledgements and refusals', () => {
    expect(read(`42${JSON.stringify(['chat', frame])}`)).toEqual({ kind: 'message', number: 1207 });
    expect(read(`4312[${JSON.stringify({ message: frame.data })}]`)).toEqual({
      ...{ kind: 'acknowledgement', id: 12 },
    });
    expect(read('44{"message":"no"}').kind).toBe('refusal');
    expect(read('6')).toEqual({ kind: 'other' });
  });
});
