import { randomBytes, randomUUID } from 'node:crypto';
import { someone } from '@secureconnect/tokens/testing';
import { beforeAll, expect, it } from 'vitest';
import { send } from '../harness.ts';
import type { ContractScene } from './scene.ts';

const bytes = randomBytes(100_000);
const headers = { 'Content-Type': 'text/plain' };
const minuteMs = 60_000;

/** URLs that are good for one thing, and for a while. */
export function describeUrls(given: () => ContractScene): void {
  const user = someone();
  let download = '';
  let upload = '';
  beforeAll(async () => {
    const { storage } = given();
    const names = { file_name: 'Übersicht "2".txt' };
    download = await storage.downloadUrl(user, await storage.upload(user, bytes, names));
    upload = storage.reach((await storage.reserve(user, bytes)).upload_url);
  });

  /** That a request is refused, and that nothing is stored by it. */
  const refused = async (url: string, method: 'GET' | 'PUT' | 'DELETE'): Promise<void> => {
    const before = await given().stored();
    const body = method === 'PUT' ? { body: bytes, headers } : {};
    const response = await fetch(url, { method, ...body });
    await response.arrayBuffer();
    // Versity's gateway has 400 for a URL without a signature.
    expect([400, 403, 405]).toContain(response.status);
    expect(await given().stored()).toEqual(before);
  };

  it('is refused with a wrong signature', async () => {
    for (const [url, method] of [
      [download, 'GET'],
      [upload, 'PUT'],
    ] as const) {
      const tampered = new URL(url);
      const name = tampered.searchParams.has('signature') ? 'signature' : 'X-Amz-Signature';
      const signature = tampered.searchParams.get(name) ?? '';
      const other = `${signature.slice(0, -8)}00000000`;
      tampered.searchParams.set(name, other);
      await refused(tampered.href, method);
      tampered.searchParams.delete(name);
      await refused(tampered.href, method);
    }
  });

  it('is refused for a different object', async () => {
    for (const [url, method] of [
      [download, 'GET'],
      [upload, 'PUT'],
    ] as const) {
      const other = new URL(url);
      other.pathname = other.pathname.replace(/[0-9a-f-]{36}$/, randomUUID());
      await refused(other.href, method);
    }
  });

  it('is refused with a different method', async () => {
    await refused(upload, 'GET');
    await refused(download, 'PUT');
    await refused(upload, 'DELETE');
    await refused(download, 'DELETE');
  });

  it('is refused when its expiry is changed, and when it has expired', async () => {
    const scene = given();
    const later = new URL(upload);
    const name = later.searchParams.has('expires') ? 'expires' : 'X-Amz-Expires';
    later.searchParams.set(name, String(Number(later.searchParams.get(name)) + 600));
    await refused(later.href, 'PUT');
    const nowMs = scene.nowMs;
    const fileId = await scene.storage.upload(user, Buffer.from('old'));
    scene.nowMs = nowMs - 61 * minuteMs;
    const oldUpload = scene.storage.reach((await scene.storage.reserve(user, bytes)).upload_url);
    const oldDownload = await scene.storage.downloadUrl(user, fileId);
    scene.nowMs = nowMs;
    await refused(oldUpload, 'PUT');
    await refused(oldDownload, 'GET');
  });

  it('that is signed with a different key is refused', async () => {
    const { storage } = given();
    const forged = await storage.forgedUrl(upload);
    await refused(forged, 'PUT');
  });

  it('accepts the bytes while it is valid', async () => {
    expect((await send(upload, bytes, headers)).status).toBe(200);
  });

  it('gives the bytes as an attachment of the declared type', async () => {
    const response = await fetch(download);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="_bersicht _2_.txt"; filename*=UTF-8''%C3%9Cbersicht%20%222%22.txt`,
    );
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    ['bytes=99990-', 99_990, 99_999],
    ['bytes=-5', 99_995, 99_999],
  ])('gives the range %s', async (range, first, last) => {
    const response = await fetch(download, { headers: { range } });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/100000`);
    const body = Buffer.from(await response.arrayBuffer());
    expect(body.equals(bytes.subarray(first, last + 1))).toBe(true);
  });

  it('refuses a range behind the end', async () => {
    const response = await fetch(download, { headers: { range: 'bytes=100000-' } });
    await response.arrayBuffer();
    expect(response.status).toBe(416);
  });

  it('does not send again what the client has', async () => {
    const first = await fetch(download);
    await first.arrayBuffer();
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(download, { headers: { 'if-none-match': etag } });
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    const other = await fetch(download, { headers: { 'if-none-match': '"x"' } });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, bytes.length]);
  });
}
