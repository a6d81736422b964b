import { createHash } from 'node:crypto';
import { type KnownUser, type Samples, type SampleWorld, textField } from '@secureconnect/testkit';
import { fileWhere, withoutHost } from './sample-parts.ts';

const content = Buffer.from('the only part of a sample');
const body = { file_name: 'a.txt', file_size: content.length, content_type: 'text/plain' };
const multipart = '/v1/storage/multipart';

interface BegunFile {
  readonly user: KnownUser;
  readonly fileId: string;
}

async function begun(world: SampleWorld): Promise<BegunFile> {
  const user = await world.knownUser();
  const { token } = user;
  const target = await world.data('storage', 'POST', multipart, { token, body });
  return { user, fileId: textField(target, 'file_id') };
}

/** A request for each row of files in parts. */
export const multipartSamples = {
  'POST /v1/storage/multipart': {
    status: 200,
    async prepare(world) {
      const { token, userId } = await world.knownUser();
      const reserved = `owner_id = $1 AND status = 'pending' AND part_bytes > 0
        AND reserved_bytes = file_size`;
      return { path: multipart, token, body, effect: fileWhere(reserved, userId) };
    },
  },
  'GET /v1/storage/multipart/:file_id/parts': {
    status: 200,
    async prepare(world) {
      const { user, fileId } = await begun(world);
      return { path: `${multipart}/${fileId}/parts`, token: user.token };
    },
  },
  'POST /v1/storage/multipart/:file_id/part-url': {
    status: 200,
    async prepare(world) {
      const { user, fileId } = await begun(world);
      const path = `${multipart}/${fileId}/part-url`;
      const effect = 'none: a signed URL is not stored anywhere';
      return { path, token: user.token, body: { part_number: 1 }, effect };
    },
  },
  'DELETE /v1/storage/multipart/:file_id': {
    status: 200,
    async prepare(world) {
      const { user, fileId } = await begun(world);
      const freed = `file_id = $1 AND status = 'deleted' AND reserved_bytes = 0`;
      return {
        path: `${multipart}/${fileId}`,
        token: user.token,
        effect: fileWhere(freed, fileId),
      };
    },
  },
  'PUT /v1/storage/objects/:file_id/parts/:part_number': {
    status: 200,
    async prepare(world) {
      const { user, fileId } = await begun(world);
      const { token } = user;
      const path = `${multipart}/${fileId}/part-url`;
      const request = { token, body: { part_number: 1 } };
      const target = await world.data('storage', 'POST', path, request);
      const hash = createHash('sha256').update(content).digest('hex');
      return {
        path: withoutHost(textField(target, 'upload_url')),
        bytes: { content, contentType: 'application/octet-stream' },
        effect: {
          count: `SELECT count(*) FROM storage.parts
            WHERE file_id = $1 AND part_number = 1 AND sha256 = $2`,
          values: [fileId, hash],
        },
      };
    },
  },
} satisfies Samples;
