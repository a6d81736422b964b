import { expect, test } from 'vitest';
import { ChatClientFrame, ChatServerFrame } from './chat-frames.ts';
import { SignalingClientFrame } from './signaling-frames.ts';
import { validationDetails } from './validation.ts';

const id = '0f0e0d0c-0b0a-1908-8706-050403020100';
const at = '2026-01-31T12:00:00.000Z';

test('a chat frame carries a message with its defaults', () => {
  const frame = { type: 'chat', conversation_id: id, data: { content: 'hi' } };
  expect(ChatClientFrame.parse(frame)).toEqual({
    ...frame,
    data: { content: 'hi', is_encrypted: false, message_type: 'text', metadata: {} },
  });
});

test('typing needs no data', () => {
  const frame = { type: 'typing', conversation_id: id };
  expect(ChatClientFrame.parse(frame)).toEqual({ ...frame, data: { is_typing: true } });
});

test('clients cannot send the server’s frames', () => {
  for (const type of [
    'user_joined',
    'user_left',
    'edited',
    'deleted',
    'reaction',
    'ack',
    'error',
  ]) {
    const frame = { type, conversation_id: id, data: { user_id: id } };
    expect(ChatClientFrame.safeParse(frame).success).toBe(false);
  }
  const { error } = ChatClientFrame.safeParse({ type: 'user_joined' });
  expect(error && validationDetails(error, 'frame')).toEqual([
    { field: 'frame.type', message: expect.stringContaining('expected "chat" or "typing"') },
  ]);
});

test('the server answers with ack, error and frames that say who and when', () => {
  const message = {
    message_id: id,
    conversation_id: id,
    sender_id: id,
    content: 'hi',
    is_encrypted: false,
    message_type: 'text',
    metadata: {},
    created_at: at,
  };
  const frames = [
    { type: 'ack', id: '1', message },
    { type: 'error', code: 'SERVICE_DEGRADED', message: 'no', id: '1' },
    { type: 'chat', conversation_id: id, from: id, at, cursor: id, data: message },
    { type: 'edited', conversation_id: id, from: id, at, cursor: id, data: message },
    {
      type: 'deleted',
      conversation_id: id,
      from: id,
      at,
      cursor: id,
      data: { message_id: id, deleted_at: at },
    },
    {
      type: 'reaction',
      conversation_id: id,
      from: id,
      at,
      cursor: id,
      data: { message_id: id, user_id: id, emoji: '👍', present: true },
    },
    { type: 'read', conversation_id: id, from: id, at, cursor: id, data: { message_id: id } },
    { type: 'user_left', conversation_id: id, from: id, at, data: { user_id: id } },
    { type: 'keys_low', at, data: { device_id: id, one_time_keys: 19 } },
  ];
  for (const frame of frames) expect(ChatServerFrame.parse(frame)).toEqual(frame);
});

test('a logged frame carries its position in the log', () => {
  const frame = { type: 'read', conversation_id: id, from: id, at, data: { message_id: id } };
  expect(ChatServerFrame.safeParse(frame).success).toBe(false);
  expect(
    ChatServerFrame.safeParse({ ...frame, type: 'typing', data: { is_typing: true } }).success,
  ).toBe(true);
});

test('an offer names its peer; joining does not need to', () => {
  const offer = { type: 'offer', call_id: id, data: { sdp: 'v=0' } };
  expect(SignalingClientFrame.safeParse(offer).success).toBe(false);
  expect(SignalingClientFrame.safeParse({ ...offer, to: id }).success).toBe(true);
  expect(SignalingClientFrame.parse({ type: 'join', call_id: id })).toMatchObject({ data: {} });
});

test('an ICE candidate is taken as browsers serialise it', () => {
  const frame = {
    type: 'ice_candidate',
    call_id: id,
    to: id,
    data: { candidate: '', sdpMid: null, sdpMLineIndex: null, usernameFragment: 'x' },
  };
  expect(SignalingClientFrame.parse(frame)).toEqual(frame);
});
