import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../test/call.ts';
import { sendRaw } from '../../test/raw-http.ts';
import { bearer, type SmallService, startSmallService } from '../../test/small-service.ts';

let small: SmallService;
beforeAll(async () => {
  small = await startSmallService({ bodyLimitBytes: 128 * 1024 });
});
afterAll(() => small[Symbol.asyncDispose]());

const note = { title: 'a note', count: 1 };
const post = (body: string | Buffer | ReadableStream, headers: Record<string, string> = {}) =>
  call(`${small.url}/v1/notes`, { body, headers });

describe('a body', () => {
  it('is answered with the declared status and the envelope', async () => {
    const reply = await post(JSON.stringify(note));
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({ success: true, data: note, meta: expect.anything() });
    expect(reply.headers.has('x-degraded')).toBe(false);
  });

  it.each([
    ['{"title":', 'cut off'],
    ['title=1', 'no JSON'],
    ['"text"', 'a string'],
    ['12', 'a number'],
    ['null', 'null'],
    ["{'title': 'x'}", 'of another quoting'],
    ['\uFEFF\u0000', 'NUL'],
  ])('%s (%s) is refused as VALIDATION_ERROR naming the body', async (body) => {
    const reply = await post(body);
    expect([reply.status, reply.code, reply.fields]).toEqual([400, 'VALIDATION_ERROR', ['body']]);
  });

  it.each([
    [{}, ['body.title', 'body.count']],
    [{ ...note, count: '1' }, ['body.count']],
    [{ ...note, count: 1.5 }, ['body.count']],
    [{ ...note, title: null }, ['body.title']],
    [{ ...note, title: 'x'.repeat(51) }, ['body.title']],
    [{ ...note, tags: [{ name: 'a' }, { name: 7 }] }, ['body.tags[1].name']],
    [{ ...note, tags: { length: 1 } }, ['body.tags']],
    [[note], ['body']],
  ])('%o is refused, naming %o', async (body, fields) => {
    const reply = await post(JSON.stringify(body));
    expect([reply.status, reply.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(reply.fields).toEqual(fields);
  });

  it('may begin with a byte order mark, whether or not it is compressed', async () => {
    const text = `\uFEFF${JSON.stringify(note)}`;
    expect((await post(text)).status).toBe(201);
    expect((await post(gzipSync(text), { 'content-encoding': 'gzip' })).status).toBe(201);
  });

  it('that is refused once it has been read leaves its connection open', async () => {
    for (const body of ['{"title":', '{"title":1}']) {
      const head = `POST /v1/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
      const first = `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
      const reply = await sendRaw(
        small.port,
        `${first}GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect(reply.status).toBe(400);
      expect(reply.head).toContain('Connection: keep-alive');
      expect(reply.body).toContain('{"status":"live"}');
    }
  });

  it('that is missing is judged by the schema', async () => {
    const reply = await call(`${small.url}/v1/notes`, { method: 'POST' });
    expect([reply.status, reply.fields]).toEqual([400, ['body.title', 'body.count']]);
  });

  it.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'json', ''])(
    'of type "%s" is refused as UNSUPPORTED_MEDIA_TYPE',
    async (type) => {
      const reply = await post(JSON.stringify(note), { 'content-type': type });
      expect([reply.status, reply.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    },
  );

  it.each(['utf-16', 'latin1', 'utf-99'])('in charset %s is refused or read', async (charset) => {
    const reply = await post(JSON.stringify(note), {
      'content-type': `application/json; charset=${charset}`,
    });
    expect([400, 415]).toContain(reply.status);
    expect(['VALIDATION_ERROR', 'UNSUPPORTED_MEDIA_TYPE']).toContain(reply.code);
  });

  it('may be compressed, and is refused where it cannot be read or is unknown', async () => {
    const packed = gzipSync(JSON.stringify(note));
    expect((await post(packed, { 'content-encoding': 'gzip' })).status).toBe(201);
    for (const broken of [Buffer.from('no gzip at all'), packed.subarray(0, 12)]) {
      const reply = await post(broken, { 'content-encoding': 'gzip' });
      expect([reply.status, reply.code]).toEqual([400, 'VALIDATION_ERROR']);
    }
    const unknown = await post(packed, { 'content-encoding': 'lzma' });
    expect([unknown.status, unknown.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it('that is too large is refused: declared, chunked, and only when it is unpacked', async () => {
    const large = JSON.stringify({ ...note, extra: 'x'.repeat(200_000) });
    const chunked = new Blob([large]).stream();
    const replies = [
      await post(large),
      await post(chunked),
      await post(gzipSync(large), { 'content-encoding': 'gzip' }),
    ];
    for (const reply of replies) {
      expect([reply.status, reply.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    }
  });

  it('that is nested deeply never upsets the service', async () => {
    const depth = 50_000;
    for (const nested of [
      '['.repeat(depth),
      `${'['.repeat(depth)}${']'.repeat(depth)}`,
      `{"title":"t","count":1,"extra":${'['.repeat(depth)}${']'.repeat(depth)}}`,
      `{"title":"t","count":1,"extra":${'{"a":'.repeat(depth / 4)}1${'}'.repeat(depth / 4)}}`,
    ]) {
      const reply = await post(nested);
      expect([reply.status, reply.code, reply.fields]).toEqual([400, 'VALIDATION_ERROR', ['body']]);
    }
    const sensible = { ...note, extra: JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`) };
    expect((await post(JSON.stringify(sensible))).status).toBe(201);
  });

  it('cannot reach the prototype of anything', async () => {
    const reply = await post(
      '{"title":"t","count":1,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect(reply.status).toBe(201);
    expect(reply.body.data).toEqual({ title: 't', count: 1 });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('that ends early, or never comes, is nobody else’s trouble', async () => {
    const head = `POST /v1/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
    const aborted = new AbortController();
    const pending = fetch(`${small.url}/v1/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new ReadableStream({
        start: (controller) => controller.enqueue(Buffer.from('{"title":')),
      }),
      duplex: 'half',
      signal: aborted.signal,
    });
    setImmediate(() => aborted.abort());
    await expect(pending).rejects.toThrow();
    const both = await sendRaw(
      small.port,
      `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}`,
    );
    expect(both.status).toBe(400);
    expect((await post(JSON.stringify(note))).status).toBe(201);
    expect(small.logLines.join('')).not.toContain('"level":"error"');
  });
});

describe('a query', () => {
  const search = (query: string) => call(`${small.url}/v1/search${query}`);

  it('is parsed by its schema', async () => {
    expect((await search('?q=a%20b&limit=5&more=1')).body.data).toEqual({ q: 'a b', limit: 5 });
  });

  it.each([
    ['', ['query.q']],
    ['?q=a&q=b', ['query.q']],
    ['?q=a&limit=x', ['query.limit']],
    ['?q=a&limit=1&limit=2', ['query.limit']],
    ['?q=a&limit=101', ['query.limit']],
    ['?q[]=a', ['query.q']],
    ['?q[x]=a', ['query.q']],
    ['?__proto__[q]=a&__proto__=b', ['query.q']],
  ])('%s is refused, naming %o', async (query, fields) => {
    const reply = await search(query);
    expect([reply.status, reply.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(reply.fields).toEqual(fields);
  });

  it('with percent signs that encode nothing is taken as it is', async () => {
    expect((await search('?q=%zz%')).body.data).toMatchObject({ q: '%zz%' });
  });
});

describe('a path', () => {
  const get = (path: string) => call(`${small.url}${path}`);

  it('gives its parameters, UUIDs in lower case', async () => {
    const id = crypto.randomUUID();
    const reply = await get(`/v1/notes/${id.toUpperCase()}`);
    expect(reply.body.data).toEqual({ note_id: id });
  });

  it.each([
    ['/v1/notes/7', 'params.note_id'],
    ['/v1/notes/%00', 'params.note_id'],
    [`/v1/notes/${crypto.randomUUID()}x`, 'params.note_id'],
    [`/v1/labels/${'x'.repeat(257)}`, 'params.label'],
    ['/v1/labels/a%00b', 'params.label'],
    ['/v1/notes/%zz', 'path'],
    ['/v1/labels/%c3%28', 'path'],
  ])('%s is refused, naming %s', async (path, field) => {
    const reply = await get(path);
    expect([reply.status, reply.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(reply.fields).toEqual([field]);
  });
});

describe('a bearer token', () => {
  const mine = (headers: Record<string, string>, path = '/v1/mine') =>
    call(`${small.url}${path}`, { body: JSON.stringify(note), headers });

  it.each([
    {},
    { authorization: 'Bearer wrong' },
    { authorization: 'Basic YTpi' },
    { authorization: 'Bearer' },
    { authorization: `Bearer ${'x'.repeat(5000)}` },
    { authorization: 'Bearer a b' },
  ])('that is not good is UNAUTHORIZED, with the challenge: %o', async (headers) => {
    const reply = await mine(headers);
    expect([reply.status, reply.code]).toEqual([401, 'UNAUTHORIZED']);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="secureconnect"');
  });

  it('is asked for before the body is looked at', async () => {
    expect((await call(`${small.url}/v1/mine`, { body: 'no JSON' })).status).toBe(401);
    expect((await mine(bearer)).status).toBe(200);
  });

  it('counts in the query of a WebSocket only', async () => {
    expect((await mine({}, '/v1/mine?access_token=a-good-token')).status).toBe(401);
  });
});
