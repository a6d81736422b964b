import {
  type Samples,
  type SampleWorld,
  type StoredEffect,
  textField,
} from '@secureconnect/testkit';

interface Shareable {
  readonly token: string;
  readonly path: string;
  readonly fileId: string;
  readonly conversationId: string;
}

/** A file that is not shared, and a conversation of its owner. */
async function shareable(world: SampleWorld): Promise<Shareable> {
  const { token } = await world.knownUser();
  const { userId } = await world.knownUser();
  const upload = { file_name: 'a.txt', file_size: 5, content_type: 'text/plain' };
  const conversation = { type: 'direct', participant_ids: [userId] };
  const [file, made] = await Promise.all([
    world.data('storage', 'POST', '/v1/storage/upload-url', { token, body: upload }),
    world.data('chat', 'POST', '/v1/conversations', { token, body: conversation }),
  ]);
  const fileId = textField(file, 'file_id');
  const conversationId = textField(made, 'conversation_id');
  return { token, path: `/v1/storage/files/${fileId}/share`, fileId, conversationId };
}

async function shared(world: SampleWorld): Promise<Shareable> {
  const file = await shareable(world);
  const body = { conversation_id: file.conversationId };
  await world.data('storage', 'POST', file.path, { token: file.token, body });
  return file;
}

const effect = ({ fileId, conversationId }: Shareable, isShared: boolean): StoredEffect => ({
  count: `SELECT count(*) FROM storage.file_shares
    WHERE file_id = $1 AND conversation_id = $2 AND shared = ${isShared}`,
  values: [fileId, conversationId],
});

/** Requests for the rows about whom a file is shared to. */
export const shareSamples = {
  'POST /v1/storage/files/:file_id/share': {
    status: 200,
    async prepare(world) {
      const file = await shareable(world);
      const { token, path, conversationId } = file;
      return { token, path, body: { conversation_id: conversationId }, effect: effect(file, true) };
    },
  },
  'GET /v1/storage/files/:file_id/share': {
    status: 200,
    async prepare(world) {
      const { token, path } = await shared(world);
      return { token, path };
    },
  },
  'DELETE /v1/storage/files/:file_id/share/:conversation_id': {
    status: 200,
    async prepare(world) {
      const file = await shared(world);
      const path = `${file.path}/${file.conversationId}`;
      return { token: file.token, path, effect: effect(file, false) };
    },
  },
} satisfies Samples;
