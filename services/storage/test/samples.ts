import { type Samples, type SampleUser, type SampleWorld, textField } from '@secureconnect/testkit';

const content = Buffer.from('the bytes of a sample');
const contentType = 'text/plain';

interface SampleFile {
  readonly user: SampleUser;
  readonly fileId: string;
  readonly uploadUrl: string;
}

/** A signed URL as a path: its signature does not name a host. */
const withoutHost = (url: string): string => {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
};

async function reserved(world: SampleWorld): Promise<SampleFile> {
  const user = await world.user();
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
  await world.data('storage', 'POST', '/v1/storage/upload-complete', { token, body });
  return file;
}

/** A request for each row of storage. */
export const storageSamples: Samples = {
  'POST /v1/storage/upload-url': {
    status: 200,
    async prepare(world) {
      const { token } = await world.user();
      const body = { file_name: 'a.txt', file_size: 5, content_type: contentType };
      return { path: '/v1/storage/upload-url', token, body };
    },
  },
  'POST /v1/storage/upload-complete': {
    status: 200,
    async prepare(world) {
      const { user, fileId } = await sent(world);
      const body = { file_id: fileId };
      return { path: '/v1/storage/upload-complete', token: user.token, body };
    },
  },
  'PUT /v1/storage/objects/:file_id': {
    status: 200,
    async prepare(world) {
      const { uploadUrl } = await reserved(world);
      return { path: withoutHost(uploadUrl), bytes: { content, contentType } };
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
    prepare: async (world) => ({ path: '/v1/storage/files', token: (await world.user()).token }),
  },
  'DELETE /v1/storage/files/:file_id': {
    status: 200,
    async prepare(world) {
      const { user, fileId } = await uploaded(world);
      return { path: `/v1/storage/files/${fileId}`, token: user.token };
    },
  },
  'GET /v1/storage/quota': {
    status: 200,
    prepare: async (world) => ({ path: '/v1/storage/quota', token: (await world.user()).token }),
  },
};
