import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Settings } from '../settings.ts';
import { probePrefix, surveyBucket } from './survey-bucket.ts';

/** A store of the test's own, for what real ones do only when they break. */
async function serve(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    settings: new Settings({
      ...{ S3_ENDPOINT: endpoint, S3_PUBLIC_ENDPOINT: endpoint, S3_REGION: 'here' },
      ...{ S3_BUCKET: 'files', S3_ACCESS_KEY: 'me', S3_SECRET_KEY: 'mine' },
    }),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

describe('the survey of a bucket', () => {
  it('deletes the probe object that was not acknowledged, which may be there', async () => {
    const asked: string[] = [];
    await using store = await serve(({ method, url }, response) => {
      asked.push(`${method} ${url}`);
      if (method !== 'PUT') response.writeHead(method === 'DELETE' ? 204 : 200).end();
    });
    expect((await surveyBucket(store.settings)).reason).toBe('no reply within 5 s');
    const probe = `/files/${probePrefix}[0-9a-f-]{36}$`;
    expect(asked).toHaveLength(3);
    expect(asked[1]).toMatch(new RegExp(`^PUT ${probe}`));
    expect(asked[2]).toBe(asked[1]?.replace('PUT', 'DELETE'));
  });

  it('names the probe object that cannot be deleted', async () => {
    await using store = await serve(({ method }, response) => {
      if (method === 'HEAD') response.writeHead(200).end();
      else if (method === 'DELETE') response.writeHead(403).end();
    });
    expect((await surveyBucket(store.settings)).reason).toMatch(
      new RegExp(`the probe object ${probePrefix}\\S+ cannot be deleted and may be there`),
    );
  });

  it('writes nothing if there is no such bucket', async () => {
    const asked: string[] = [];
    await using store = await serve(({ method }, response) => {
      asked.push(method ?? '');
      response.writeHead(404).end();
    });
    expect((await surveyBucket(store.settings)).reason).toBe('there is no such bucket');
    expect(asked).toEqual(['HEAD']);
  });
});
