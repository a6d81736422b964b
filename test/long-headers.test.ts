import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Case, httpCases } from './conformance/cases.ts';
import { createWorld } from './conformance/world.ts';
import { type Stack, startStack } from './support/stack.ts';

const separators = [' ', '\t', ',', ';', '=', '"', '/', '\\', ':', '.', '-', '%', '(', '&', '?'];

/** Every header that a service or its gateway reads itself. */
const headers = [
  'Accept',
  'Authorization',
  'Content-Encoding',
  'Content-Type',
  'Cookie',
  'Forwarded',
  'If-None-Match',
  'If-Range',
  'Origin',
  'Range',
  'Sec-WebSocket-Protocol',
  'X-Forwarded-For',
  'X-Request-Id',
];

/** Node accepts some 16 KiB of headers; this leaves room for the others. */
const longLength = 15_000;

/**
 * The most that one request may cost this process, which runs client and services. A quadratic pattern
 * costs several times as much.
 */
const maxCpuMs = 40;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack[Symbol.asyncDispose]());

/** Sends one request as it is given; `fetch` would refuse or change some of these headers. */
function send(url: URL, method: string, sent: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { method, headers: sent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    sending.once('error', reject);
    sending.end(method === 'PUT' || method === 'POST' ? '12345' : undefined);
  });
}

/** The least of three, so that a collection of garbage is not counted. */
async function cpuMs(work: () => Promise<void>): Promise<number> {
  const spent: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    spent.push((user + system) / 1000);
    if (Math.min(...spent) < maxCpuMs) break;
  }
  return Math.min(...spent);
}

const routes = [
  'POST /v1/auth/login',
  'GET /v1/users/me',
  'GET /v1/messages',
  'GET /v1/calls/:call_id',
  'PUT /v1/storage/objects/:file_id',
  'GET /v1/storage/objects/:file_id',
];

function caseOf(route: string): Case {
  const found = httpCases().find(({ policy }) => policy.route === route);
  if (found === undefined) throw new Error(`there is no sample of ${route}`);
  return found;
}

it.each(
  routes.flatMap((route) => [
    { route, by: 'its service' },
    { route, by: 'the gateway' },
  ]),
)(
  'a header of 15,000 separators neither fails nor holds up $route of $by',
  async ({ route, by }) => {
    const one = caseOf(route);
    const { path, token, bytes } = await one.sample.prepare(createWorld(stack));
    const usual = {
      'Content-Type': bytes?.contentType ?? 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    };
    const url = new URL(path, stack.urls[by === 'the gateway' ? 'gateway' : one.service]);
    const slow: string[] = [];
    for (const header of headers) {
      for (const separator of separators) {
        const value = `x${separator.repeat(longLength)}x`;
        const spent = await cpuMs(async () => {
          const status = await send(url, one.method, { ...usual, [header]: value });
          expect(status, `${header}: ${JSON.stringify(separator)}`).toBeLessThan(500);
        });
        if (spent >= maxCpuMs) slow.push(`${header} of ${JSON.stringify(separator)}: ${spent} ms`);
      }
    }
    expect(slow).toEqual([]);
  },
);
