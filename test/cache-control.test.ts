import type { SampleRequest } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpCases } from './conformance/cases.ts';
import { nextAddress } from './conformance/send-sample.ts';
import { createWorld } from './conformance/world.ts';
import { type Stack, startStack } from './support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack[Symbol.asyncDispose]());

/** The status of a reply, and what it lets caches do. */
async function cacheControl(
  baseUrl: string,
  method: string,
  { path, token, headers, body, bytes }: SampleRequest,
): Promise<[number, string | null]> {
  const contentType = bytes?.contentType ?? (body === undefined ? undefined : 'application/json');
  const content = bytes?.content ?? (body === undefined ? undefined : JSON.stringify(body));
  const reply = await fetch(new URL(path, baseUrl), {
    method,
    headers: {
      'x-forwarded-for': nextAddress(),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  });
  await reply.arrayBuffer();
  return [reply.status, reply.headers.get('cache-control')];
}

/** What caches may keep. */
const kept: Readonly<Record<string, string>> = {
  // A file itself: the browser of its reader may keep it, and asks each time whether it still may.
  'GET /v1/storage/objects/:file_id': 'private, no-cache',
  // Public keys, which are published for longer than this before they sign.
  'GET /.well-known/jwks.json': 'public, max-age=30',
};

describe('what caches may keep of the API', () => {
  it.each(httpCases().map((one) => ({ name: one.policy.route, one })))(
    'is, for $name, what is declared here, at the service and through the gateway',
    async ({ one: { service, method, sample, policy } }) => {
      const expected = [sample.status, kept[policy.route] ?? 'no-store'];
      // One that only reads is good twice.
      const once = method === 'GET' ? await sample.prepare(createWorld(stack)) : undefined;
      for (const url of [stack.urls[service], stack.urls.gateway]) {
        const request = once ?? (await sample.prepare(createWorld(stack)));
        const isWhole = URL.canParse(request.path);
        const path = isWhole
          ? new URL(request.path).pathname + new URL(request.path).search
          : request.path;
        expect(await cacheControl(url, method, { ...request, path })).toEqual(expected);
      }
    },
  );

  it('is nothing of the gateway’s own replies', async () => {
    const { token } = await createWorld(stack).user();
    const at = (path: string, token?: string) =>
      cacheControl(stack.urls.gateway, 'GET', { path, ...(token === undefined ? {} : { token }) });
    expect(await at('/v1/users/me')).toEqual([401, 'no-store']);
    expect(await at('/nowhere', token)).toEqual([404, 'no-store']);
    expect(await at('/ready')).toEqual([200, 'no-store']);
    for (let left = 100; left > 0; left -= 1) await at('/v1/users/me', token);
    expect(await at('/v1/users/me', token)).toEqual([429, 'no-store']);
  });
});
