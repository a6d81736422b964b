import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import * as contracts from './index.ts';

const id = '0f0e0d0c-0b0a-1908-8706-050403020100';
const other = '1f0e0d0c-0b0a-4908-8706-050403020100';

/** Every request with an example that is accepted. */
const requests: Record<string, { schema: z.ZodType; example: Record<string, unknown> }> = {
  register: {
    schema: contracts.Registration,
    example: { email: 'A@b.co', username: 'ada', password: 'long enough', display_name: ' Ada ' },
  },
  login: { schema: contracts.Login, example: { email: 'a@b.co', password: 'x' } },
  refresh: { schema: contracts.Refresh, example: { refresh_token: 'x' } },
  'change of profile': { schema: contracts.ProfileChange, example: { avatar_url: null } },
  'user lookup': { schema: contracts.UserLookup, example: { username: 'ada' } },
  'password reset': { schema: contracts.PasswordResetRequest, example: { email: 'a@b.co' } },
  'password reset confirmation': {
    schema: contracts.PasswordResetConfirmation,
    example: { token: 'x', new_password: 'long enough' },
  },
  'new conversation': {
    schema: contracts.NewConversation,
    example: { type: 'group', title: 'T', participant_ids: [id, other, id] },
  },
  'new participants': {
    schema: contracts.NewParticipants,
    example: { participants: [{ email: 'A@b.co' }, { username: 'ada' }] },
  },
  'change of a conversation': {
    schema: contracts.ConversationChange,
    example: { title: ' New ' },
  },
  'change of a role': { schema: contracts.RoleChange, example: { role: 'admin' } },
  'new block': { schema: contracts.NewBlock, example: { user_id: id } },
  'page of a list': { schema: contracts.PageQuery, example: { limit: '7', cursor: '' } },
  'new message': {
    schema: contracts.NewMessage,
    example: { conversation_id: id, content: ' hi ', metadata: { a: [1] } },
  },
  'messages query': { schema: contracts.MessagesQuery, example: { page_state: 'abc' } },
  'message query': { schema: contracts.MessageQuery, example: { conversation_id: id } },
  'edit of a message': {
    schema: contracts.MessageEdit,
    example: { content: 'hi', metadata: { a: 1 } },
  },
  forward: {
    schema: contracts.Forward,
    example: { to_conversation_ids: [id, other, id], client_message_id: 'c' },
  },
  reaction: { schema: contracts.ReactionParams, example: { emoji: '👍' } },
  'search query': {
    schema: contracts.SearchQuery,
    example: { q: 'two words', conversation_id: id, limit: '7', page_state: 'abc' },
  },
  'new presence': { schema: contracts.NewPresence, example: { online: true } },
  'presence query': { schema: contracts.PresenceQuery, example: { user_ids: `${id},${other}` } },
  'chat frame': {
    schema: contracts.ChatClientFrame,
    example: { type: 'chat', id: '1', conversation_id: id, data: { content: 'hi' } },
  },
  'signaling frame': {
    schema: contracts.SignalingClientFrame,
    example: { type: 'offer', call_id: id, to: other, data: { sdp: 'v=0' } },
  },
  'new call': {
    schema: contracts.NewCall,
    example: { call_type: 'audio', conversation_id: id, callee_ids: [other] },
  },
  'new upload': {
    schema: contracts.NewUpload,
    example: { file_name: 'a.png', file_size: 1, content_type: 'image/png' },
  },
  'upload completion': {
    schema: contracts.UploadCompletion,
    example: { file_id: id, checksum_sha256: 'AB'.repeat(32) },
  },
  'files query': { schema: contracts.FilesQuery, example: { conversation_id: id } },
};

const junk = fc.oneof(
  fc.anything(),
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(null, '', 0, -1, 1.5, 1e9, [], {}, '\0', '1e2', [id], true, 'direct'),
);

describe.each(Object.entries(requests))('%s', (_name, { schema, example }) => {
  const fields = Object.keys(example);

  test('is accepted, reads the same again, and ignores unknown fields', () => {
    const parsed = schema.parse(example);
    expect(schema.parse(parsed)).toEqual(parsed);
    expect(schema.parse({ ...example, unknown_field: 1 })).toEqual(parsed);
  });

  test('never throws on anything, and what it accepts reads the same again', () => {
    const broken = fc
      .tuple(fc.constantFrom(...fields), junk)
      .map(([field, value]) => ({ ...example, [field]: value }));
    fc.assert(
      fc.property(fc.oneof(broken, junk), (value) => {
        const first = schema.safeParse(value);
        if (first.success) expect(schema.parse(first.data)).toEqual(first.data);
        else expect(contracts.validationDetails(first.error, 'body')).not.toHaveLength(0);
      }),
    );
  });

  test('bounds every string and every list', () => {
    for (const field of fields) {
      const huge = { ...example, [field]: 'x'.repeat(200_000) };
      expect(schema.safeParse(huge).success).toBe(false);
      const crowd = { ...example, [field]: Array.from({ length: 1000 }, () => id) };
      // Repeated ids are one id, so the crowd is measured before it is thinned.
      expect(schema.safeParse(crowd).success).toBe(false);
    }
  });
});
