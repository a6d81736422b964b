import { createHash } from 'node:crypto';
import type { storage } from '@secureconnect/contracts/endpoints';
import {
  eventually,
  type KnownUser,
  type SamplesOf,
  type SampleWorld,
  textField,
} from '@secureconnect/testkit';
import { exportSamples } from './export-samples.ts';
import { multipartSamples } from './multipart-samples.ts';
import { fileWhere, withoutHost } from './sample-parts.ts';
import { shareSamples } from './share-samples.ts';

const content = Buffer.from('the bytes of a sample');
const contentType = 'text/plain';

interface SampleFile {
  readonly user: KnownUser;
  readonly fileId: string;
  readonly uploadUrl: string;
}

async function reserved(world: SampleWorld): Promise<SampleFile> {
  const user = await world.knownUser();
  const body = { file_name: 'a.txt', file_size: content.length, content_type: contentType };
  const { token } = user;
  const target = await world.data('storage', 'POST', '/v1/storage/upload-url', { token, body });
  const uploadUrl = textField(target, 'upload_url');
  return { user, fileId: textField(target, 'file_id'), uploadUrl };
}

async function sent(world: SampleWorld): Promise<SampleFile> {
  const file = await reserved(world);
  const headers = { 'content-type': contentType };
  const put = await fetch(file.uploadUrl, { method: 'PUT', headers, body: content });
  if (!put.ok) throw new Error(`PUT answered ${put.status}: ${await put.text()}`);
  return file;
}

async function uploaded(world: SampleWorld): Promise<SampleFile> {
  const file = await sent(world);
  const { token } = file.user;
  const body = { file_id: file.fileId };
  const path = '/v1/storage/upload-complete';
  // On a busy machine a scan may be too late; it is repeated within seconds.
  await eventually(
    async () => {
      const { status } = await world.data('storage', 'POST', path, { token, body });
      if (status !== 'uploaded') throw new Error(`the file is ${status}`);
    },
    { timeoutMs: 30_000 },
  );
  return file;
}

/** A request for each row of storage. */
export const storageSamples: SamplesOf<typeof storage> = {
  ...exportSamples,
  ...multipartSamples,
  ...shareSamples,
  'POST /v1/storage/upload-url': {
    status: 200,
    async prepare(world) {
      const { token, userId } = await world.knownUser();
      const body = { file_name: 'a.txt', file_size: 5, content_type: contentType };
      const reserved = `owner_id = $1 AND status = 'pending' AND file_size = 5 AND reserved_bytes = 5`;
      const effect = fileWhere(reserved, userId);
      return { path: '/v1/storage/upload-url', token, body, effect };
    },
  },
  'POST /v1/storage/upload-complete': {
    status: 200,
    async prepare(world) {
      const { user, fileId } = await sent(world);
      const body = { file_id: fileId };
      const used = `status = 'uploaded' AND used_bytes = file_size AND reserved_bytes = 0`;
      // What is scanned may only be downloaded afterwards.
      const effect = { ...fileWhere(`file_id = $1 AND ${used}`, fileId), by: 'scans' };
      return { path: '/v1/storage/upload-complete', token: user.token, body, effect };
    },
  },
  'PUT /v1/storage/objects/:file_id': {
    status: 200,
    async prepare(world) {
      const { fileId, uploadUrl } = await reserved(world);
      const hash = createHash('sha256').update(content).digest('hex');
      const arrived = `file_id = $1 AND object_id IS NOT NULL AND sha256 = $2`;
      const effect = fileWhere(arrived, fileId, hash);
      return { path: withoutHost(uploadUrl), bytes: { content, contentType }, effect };
    },
  },
  'GET /v1/storage/objects/:file_id': {
    status: 200,
    async prepare(world) {
      const { user, fileId } = await uploaded(world);
      const path = `/v1/storage/download-url/${fileId}`;
      const { token } = user;
      const target = await world.data('storage', 'GET', path, { token });
      return { path: withoutHost(textField(target, 'download_url')) };
    },
  },
  'GET /v1/storage/download-url/:file_id': {
    status: 200,
    async prepare(world) {
      const { user, fileId } = await uploaded(world);
      return { path: `/v1/storage/download-url/${fileId}`, token: user.token };
    },
  },
  'GET /v1/storage/files': {
    status: 200,
    prepare: async (world) => ({
      path: '/v1/storage/files',
      token: (await world.knownUser()).token,
    }),
  },
  'DELETE /v1/storage/files/:file_id': {
    status: 200,
    async prepare(world) {
      const { user, fileId } = await uploaded(world);
      const freed = `file_id = $1 AND status = 'deleted' AND used_bytes = 0`;
      const removed = {
        count: `SELECT count(*) FROM storage.files WHERE file_id = $1 AND status = 'deleted' AND NOT EXISTS (
          SELECT 1 FROM storage.unattached_objects AS listed WHERE listed.object_id = files.object_id)`,
        values: [fileId],
        by: 'removals',
      };
      const effect = [fileWhere(freed, fileId), removed] as const;
      return { path: `/v1/storage/files/${fileId}`, token: user.token, effect };
    },
  },
  'GET /v1/storage/quota': {
    status: 200,
    prepare: async (world) => ({
      path: '/v1/storage/quota',
      token: (await world.knownUser()).token,
    }),
  },
};
