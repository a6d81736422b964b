import {
  eventually,
  type Frame,
  type SocketClient,
  type StoredEffect,
  textField,
} from '@secureconnect/testkit';
import { expect } from 'vitest';
import { openSocket } from '../support/open-socket.ts';
import { wrongOnAnyMachine } from './busy-machine.ts';
import { timesHappened } from './effects.ts';
import { frameEffects, type Said } from './socket-effects.ts';
import type { SocketTrial } from './socket-trial.ts';

/** Two sockets in one conversation, and the message that they are about. */
interface Talk {
  readonly trial: SocketTrial;
  readonly ada: SocketClient;
  readonly bob: SocketClient;
  /** Of ada; what others say of it has their name. */
  said: Said;
  /** Where bob's socket is in the log. */
  cursor: unknown;
}

/** Tries every type of frame of the chat socket: what is stored, and what the others hear. */
export async function tryChat(trial: SocketTrial, url: string): Promise<void> {
  const { ada, bob, conversationId } = trial.scene;
  using adaSocket = await openSocket(url, ada.token);
  {
    using bobSocket = await openSocket(url, bob.token);
    await attempt(trial, 'user_joined', () =>
      adaSocket.next(({ type, from }) => type === 'user_joined' && from === bob.userId),
    );
    const said = { conversationId, userId: ada.userId, messageId: '', content: '' };
    const talk: Talk = { trial, ada: adaSocket, bob: bobSocket, said, cursor: '' };
    await tryMessage(talk);
    await tryReading(talk);
    await tryChanges(talk);
  }
  await attempt(trial, 'user_left', () =>
    adaSocket.next(({ type, from }) => type === 'user_left' && from === bob.userId),
  );
}

function attempt(
  { findings }: SocketTrial,
  type: string,
  work: () => Promise<unknown>,
): Promise<void> {
  return findings.attempt(`chat WS /v1/ws/chat ${type}`, work);
}

async function tryMessage(talk: Talk): Promise<void> {
  await attempt(talk.trial, 'chat', async () => {
    const said = { ...talk.said, content: `message ${crypto.randomUUID()}` };
    const { content } = said;
    const effect = frameEffects['WS /v1/ws/chat chat'](said);
    const { message, heard } = await say(talk, talk.ada, 'chat', { content }, effect);
    expect(heard['data']).toEqual(message);
    talk.said = { ...said, messageId: textField(message, 'message_id') };
    talk.cursor = heard['cursor'];
  });
}

async function tryReading({ trial, ada, bob, said, cursor }: Talk): Promise<void> {
  const { conversationId, messageId } = said;
  await attempt(trial, 'typing', async () => {
    bob.send({ type: 'typing', conversation_id: conversationId });
    await ada.next(({ type }) => type === 'typing');
  });
  await attempt(trial, 'read', async () => {
    const byBob = { ...said, userId: trial.scene.bob.userId };
    bob.send({ type: 'read', conversation_id: conversationId, data: { message_id: messageId } });
    await ada.next(isAbout('read', messageId));
    // It is told from the log, and the mark is moved after that.
    await eventually(() => expectTimes(trial, frameEffects['WS /v1/ws/chat read'](byBob), 1));
  });
  await attempt(trial, 'resume', async () => {
    bob.send({ type: 'resume', data: { after: cursor } });
    const { data } = await bob.next(({ type }) => type === 'resumed');
    expect(data).toMatchObject({ complete: true });
  });
  await attempt(trial, 'ping', async () => {
    const id = crypto.randomUUID();
    bob.send({ type: 'ping', id });
    expect(await bob.next((frame) => frame['id'] === id)).toEqual({ type: 'ack', id });
  });
}

async function tryChanges(talk: Talk): Promise<void> {
  const { trial, ada, bob, said } = talk;
  const named = { message_id: said.messageId };
  await attempt(trial, 'reaction', async () => {
    const byBob = { ...said, userId: trial.scene.bob.userId, content: '👍' };
    const effect = frameEffects['WS /v1/ws/chat reaction'](byBob);
    await say(talk, bob, 'reaction', { ...named, emoji: byBob.content }, effect);
  });
  await attempt(trial, 'edited', async () => {
    const edit = { content: `${said.content}, edited` };
    const effect = frameEffects['WS /v1/ws/chat edited']({ ...said, ...edit });
    await say(talk, ada, 'edited', { ...named, ...edit }, effect);
  });
  await attempt(trial, 'deleted', async () => {
    await say(talk, ada, 'deleted', named, frameEffects['WS /v1/ws/chat deleted'](said));
  });
}

/** Says something, sees it stored once when it is acknowledged, and waits until the other hears. */
async function say(
  { trial, ada, bob, said }: Talk,
  speaker: SocketClient,
  type: string,
  data: object,
  effect: StoredEffect,
): Promise<{ readonly message: Readonly<Record<string, unknown>>; readonly heard: Frame }> {
  const id = crypto.randomUUID();
  await expectTimes(trial, effect, 0);
  const startMs = performance.now();
  speaker.send({ type, id, conversation_id: said.conversationId, data });
  const ack = await speaker.next((frame) => frame['id'] === id);
  expect(ack.type).toBe('ack');
  await expectMeta(trial, startMs, ack['meta']);
  await expectTimes(trial, effect, 1);
  const message = ack['message'] as Record<string, unknown>;
  const listener = speaker === ada ? bob : ada;
  return {
    message,
    heard: await listener.next(isAbout(type, textField(message, 'message_id'))),
  };
}

/** Frames of earlier phases may be sent once more: what was missed is read from the store. */
function isAbout(type: string, messageId: string): (frame: Frame) => boolean {
  return (frame) => {
    const data = frame['data'] as Record<string, unknown> | undefined;
    return frame.type === type && data?.['message_id'] === messageId;
  };
}

async function expectTimes({ sql }: SocketTrial, effect: StoredEffect, times: 0 | 1) {
  expect(await timesHappened(sql, [effect]), `times stored: ${effect.count}`).toEqual([times]);
}

/** An answer names what stood in, as a reply does. */
async function expectMeta(trial: SocketTrial, startMs: number, meta: unknown): Promise<void> {
  const right = {
    normal: [undefined],
    degraded: [['fan-out']],
    either: [undefined, ['fan-out']],
  };
  const degraded = (meta as { degraded?: string[] } | undefined)?.degraded;
  const wrong = await wrongOnAnyMachine(trial.watch, {
    ...{ expected: trial.expected, startMs, endMs: performance.now() },
    judge: (expected) =>
      right[expected].some((one) => String(one) === String(degraded))
        ? undefined
        : `meta.degraded is ${String(degraded)}`,
  });
  expect(wrong).toBeUndefined();
}
