import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { asyncApiDocument } from './asyncapi.ts';
import { ChatServerFrame } from './chat-frames.ts';
import type { Documented } from './documented.ts';
import { frame, socket } from './endpoint.ts';
import { allEndpoints } from './endpoints/all.ts';
import { chat } from './endpoints/index.ts';
import type { JsonObject } from './json-schema.ts';

const info = { title: 'Sockets', version: '1.0.0', host: 'localhost:8080' };
const whenRedisDown = { 'fan-out': 'fail open: local' };
const routes: Documented[] = allEndpoints.map((endpoint) => ({ endpoint, whenRedisDown }));
const document = asyncApiDocument({ ...info, routes });

interface Operation {
  readonly action: string;
  readonly channel: { readonly $ref: string };
  readonly messages: ReadonlyArray<{ readonly $ref: string }>;
  readonly reply?: { readonly messages: ReadonlyArray<{ readonly $ref: string }> };
}

const operations = Object.entries(document.operations) as unknown as Array<[string, Operation]>;

const messagesOf = (channel: string): Readonly<Record<string, JsonObject>> =>
  document.channels[channel]?.['messages'] as Readonly<Record<string, JsonObject>>;

describe('the document of the sockets', () => {
  it('has a channel for each', () => {
    expect(Object.values(document.channels).map(({ address }) => address)).toEqual([
      '/v1/ws/chat',
      '/v1/ws/signaling',
    ]);
    expect(document.channels['chatSocket']).toMatchObject({
      'x-errors': expect.arrayContaining(['UNAUTHORIZED', 'RATE_LIMITED', 'CONFLICT']),
      'x-when-redis-down': whenRedisDown,
      bindings: { ws: { query: { properties: { conversation_id: { format: 'uuid' } } } } },
    });
  });

  it('has an operation for each frame that a client sends', () => {
    const ids = allEndpoints.flatMap((each) =>
      each.kind === 'frame' && each.sentBy !== 'server' ? [each.id] : [],
    );
    const received = operations.filter(([, { action }]) => action === 'receive');
    expect(received.map(([name]) => name).sort()).toEqual(ids.sort());
    expect(document.operations['chatFrame']).toMatchObject({
      summary: chat.chatFrame.summary,
      reply: { messages: [{ $ref: expect.stringMatching(/\/ack$/) }, {}] },
      'x-errors': expect.arrayContaining(['VALIDATION_ERROR', 'NOT_FOUND', 'SERVICE_DEGRADED']),
      'x-when-redis-down': whenRedisDown,
    });
  });

  it('has an operation for each frame that a server sends', () => {
    const sent = operations.filter(([name]) => name.startsWith('chatSocketSends'));
    expect(sent).toHaveLength(ChatServerFrame.options.length);
    expect(new Set(sent.map(([, { action }]) => action))).toEqual(new Set(['send']));
  });

  it('refers to messages of the channel of the operation, each with an example', () => {
    for (const [, { channel, messages, reply }] of operations) {
      const name = channel.$ref.split('/').at(-1) ?? '';
      for (const { $ref } of [...messages, ...(reply?.messages ?? [])]) {
        expect($ref.startsWith(`${channel.$ref}/messages/`)).toBe(true);
        expect(messagesOf(name)[$ref.split('/').at(-1) ?? '']).toMatchObject({
          payload: {},
          examples: [{ payload: {} }],
        });
      }
    }
  });
});

describe('a document is refused', () => {
  const path = socket({ ...chat.chatSocket, id: 'other', route: 'WS /other' });

  it('where the server sends what has no type', () => {
    const untyped = { ...path, sends: z.union([z.object({ a: z.string() }), z.string()]) };
    expect(() =>
      asyncApiDocument({ ...info, routes: [{ endpoint: untyped, whenRedisDown }] }),
    ).toThrow('expected a frame with a literal type');
  });

  it('where two frames have one id', () => {
    const one = frame(path, chat.chatFrame);
    const twice = [path, one, one].map((endpoint) => ({ endpoint, whenRedisDown }));
    expect(() => asyncApiDocument({ ...info, routes: twice })).toThrow('both named chatFrame');
  });
});
