import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createMetrics } from '@secureconnect/service';
import {
  freePort,
  ownS3SkipReason,
  type TestS3,
  testS3,
  troubleshootingRows,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { directoryExplanations } from '../src/objects/directory-explanations.ts';
import { explainStoreError } from '../src/objects/explanation.ts';
import { type FilesConfig, openObjectStore } from '../src/objects/open-object-store.ts';
import type { S3Config } from '../src/objects/s3/s3-config.ts';
import { s3Explanations } from '../src/objects/s3/s3-explanations.ts';
import { StoreGuard } from '../src/objects/store-guard.ts';
import { storeMetrics } from '../src/objects/store-metrics.ts';
import { createStoreMode } from '../src/objects/store-mode.ts';

it.each([
  ['Files in an S3', s3Explanations],
  ['Files in a directory', directoryExplanations],
])('docs/troubleshooting.md has exactly the rows of %s', async (heading, table) => {
  expect(await troubleshootingRows(heading)).toEqual(
    Object.entries(table).map(([code, { problem, remedy }]) => [`\`${code}\``, problem, remedy]),
  );
});

function writtenLog() {
  const lines: string[] = [];
  const log = createLogger({
    service: 'storage',
    level: 'info',
    write: (line) => lines.push(line),
  });
  return { lines, log };
}

/** Opens a store and checks it; the lines of its log. */
async function linesOf(files: FilesConfig): Promise<string[]> {
  await using resources = new AsyncDisposableStack();
  const { lines, log } = writtenLog();
  const [mode, metrics] = [createStoreMode('storage'), createMetrics()];
  const parts = { files, corsOrigins: [], mode, metrics, log, now: Date.now, resources };
  const { store } = await openObjectStore(parts);
  await expect(store.check()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  return lines;
}

type Change = (server: TestS3) => Partial<S3Config> | Promise<Partial<S3Config>>;

describe.skipIf(ownS3SkipReason !== '')(`a mistake about an S3${ownS3SkipReason}`, () => {
  let server: TestS3;
  beforeAll(async () => {
    server = await testS3('minio');
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  const remedyOf = async (change: Partial<S3Config>): Promise<string> => {
    const s3 = { ...server, publicEndpoint: server.endpoint, bucket: 'files', ...change };
    const [line = '', ...more] = await linesOf({ kind: 's3', s3 });
    expect(more).toEqual([]);
    expect(line).not.toContain(s3.secretKey);
    expect(line).not.toContain('"stack"');
    return (JSON.parse(line) as { cause: { remedy: string } }).cause.remedy;
  };

  it.each<[string, Change, string]>([
    [
      'the secret',
      () => ({ secretKey: 'a-wrong-secret' }),
      ' (bucket "files"): the secret of the key was refused (SignatureDoesNotMatch). Correct S3_SECRET_KEY.',
    ],
    [
      'the key',
      () => ({ accessKey: 'nobody' }),
      ' (bucket "files"): the key is unknown (InvalidAccessKeyId). Correct S3_ACCESS_KEY.',
    ],
    [
      'the port',
      async () => ({ endpoint: `http://127.0.0.1:${await freePort()}` }),
      'the connection was refused (ECONNREFUSED). Check that the object store runs there, and S3_ENDPOINT.',
    ],
    ['the host', () => ({ endpoint: 'http://nowhere.invalid' }), 'in S3_ENDPOINT, or the DNS'],
    [
      'TLS that is not offered',
      ({ endpoint }) => ({ endpoint: endpoint.replace('http:', 'https:') }),
      'the server does not offer TLS (EPROTO). Begin S3_ENDPOINT with http://,',
    ],
  ])('is one line with the way out: %s', async (_what, change, words) => {
    const remedy = await remedyOf(await change(server));
    expect(remedy).toMatch(/^Object store at https?:\/\/\S+ \(/);
    expect(remedy).toContain(words);
  });

  it('is one line with the way out: a clock that is an hour late', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    try {
      expect(await remedyOf({})).toContain(
        'the clock of this machine differs from that of the object store (RequestTimeTooSkewed). Correct the clocks',
      );
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a mistake about a directory', () => {
  it('ends the start with one line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'storage-'));
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const directory of [file, join(file, 'below')]) {
      const opening = linesOf({ kind: 'directory', directory });
      await expect(opening).rejects.toThrow(
        new RegExp(
          `^STORAGE_DIRECTORY is "${directory}": the path is no directory \\(E\\w+\\)\\. Correct STORAGE_DIRECTORY\\.$`,
        ),
      );
    }
    await rm(folder, { recursive: true });
  });

  it.each(Object.keys(directoryExplanations))('is one line while it runs: %s', async (code) => {
    const { lines, log } = writtenLog();
    const guard = new StoreGuard({
      faultOf: () => 'away',
      explain: (error) =>
        explainStoreError(error, 'STORAGE_DIRECTORY is "/f"', directoryExplanations),
      mode: createStoreMode('storage'),
      metrics: storeMetrics(createMetrics()),
      log,
    });
    const write = () =>
      guard.run('write', async () => {
        throw Object.assign(new Error(`${code}: from Node`), { code });
      });
    await expect(write()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`STORAGE_DIRECTORY is \\"/f\\": `);
    expect(lines[0]).toContain(directoryExplanations[code]?.remedy);
    expect(lines[0]).not.toContain('"stack"');
  });
});
