import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { migrate } from '@secureconnect/postgres';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUpload, startStorage, type TestStorage } from './harness.ts';

let storage: TestStorage;
beforeAll(async () => {
  storage = await startStorage();
});
afterAll(() => storage[Symbol.asyncDispose]());

const downloadStatus = async ({ token }: TestUser, fileId: string): Promise<number> =>
  (await storage.call('GET', `/v1/storage/download-url/${fileId}`, { token })).status;

/** Chat as its own migrations make it, with these users in these conversations. */
const makeChat = async (members: readonly [string, TestUser][]): Promise<void> => {
  const { database, databaseUrl } = storage;
  const directory = join(import.meta.dirname, '../../chat/migrations');
  await migrate({ databaseUrl, schema: 'chat', directory });
  for (const [conversationId, { userId }] of members) {
    await database.execute(
      `INSERT INTO chat.conversations
         (conversation_id, type, created_by, created_at, updated_at, active_at)
       VALUES ($1, 'group', $2, now(), now(), now()) ON CONFLICT (conversation_id) DO NOTHING`,
      [conversationId, userId],
    );
    await database.execute(
      `INSERT INTO chat.participants
         (conversation_id, user_id, role, joined_at, read_until, read_message_id)
       VALUES ($1, $2, 'member', now(), now(), $1)`,
      [conversationId, userId],
    );
  }
};

describe('a file', () => {
  const [owner, member, stranger] = [someone(), someone(), someone()];
  const conversation = randomUUID();

  it('is for its owner alone while chat has created no conversations', async () => {
    const fileId = await storage.upload(owner, Buffer.from('x'));
    await storage.database.execute(
      'UPDATE storage.files SET conversation_id = $1 WHERE file_id = $2',
      [conversation, fileId],
    );
    expect(await downloadStatus(owner, fileId)).toBe(200);
    const listed = await storage.call('GET', `/v1/storage/files/${fileId}/share`, {
      token: owner.token,
    });
    expect([listed.status, listed.body.data]).toEqual([200, { conversation_ids: [conversation] }]);
    const body = newUpload(Buffer.from('x'), { conversation_id: conversation });
    for (const reply of [
      await storage.call('GET', `/v1/storage/download-url/${fileId}`, { token: member.token }),
      await storage.call('POST', '/v1/storage/upload-url', { token: owner.token, body }),
      await storage.call('POST', `/v1/storage/files/${fileId}/share`, {
        token: owner.token,
        body: { conversation_id: conversation },
      }),
    ]) {
      expect([reply.status, reply.body.error?.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
      expect(reply.body.error?.message).toBe('Conversations are not available yet; retry.');
      expect(reply.headers.get('retry-after')).toBe('5');
    }
  });

  it('is for participants of the conversation that it was shared to', async () => {
    await makeChat([
      [conversation, owner],
      [conversation, member],
      [randomUUID(), stranger],
    ]);
    const fileId = await storage.upload(owner, Buffer.from('shared'), {
      conversation_id: conversation,
    });
    expect(await downloadStatus(owner, fileId)).toBe(200);
    expect(await downloadStatus(member, fileId)).toBe(200);
    expect(await downloadStatus(stranger, fileId)).toBe(404);
    expect(await (await fetch(await storage.downloadUrl(member, fileId))).text()).toBe('shared');

    const own = await storage.upload(owner, Buffer.from('not shared'));
    expect(await downloadStatus(member, own)).toBe(404);

    const { token } = owner;
    const inConversation = `/v1/storage/files?conversation_id=${conversation}`;
    const listed = await storage.call('GET', inConversation, { token });
    expect(listed.body.data?.['files']).toHaveLength(2);
  });

  it('may be shared only to a conversation that its owner takes part in', async () => {
    const reply = await storage.call('POST', '/v1/storage/upload-url', {
      token: stranger.token,
      body: newUpload(Buffer.from('x'), { conversation_id: conversation }),
    });
    expect([reply.status, reply.body.error?.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('is out of reach of those who have left the conversation', async () => {
    const fileId = await storage.upload(owner, Buffer.from('x'), { conversation_id: conversation });
    await storage.database.execute('DELETE FROM chat.participants WHERE user_id = $1', [
      member.userId,
    ]);
    expect(await downloadStatus(member, fileId)).toBe(404);
  });
});
