import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from './harness.ts';

const stack = new AsyncDisposableStack();
let gateway: TestGateway;
/** Which of the two instances was asked, in order. */
const asked: string[] = [];
const stopping = new Set<string>();

beforeAll(async () => {
  const instance = (name: string) =>
    startUpstream((_request, reply) => {
      asked.push(name);
      if (stopping.has(name)) reply.setHeader('X-Stopping', 'true');
      reply.end(name);
    });
  const [one, two] = [stack.use(await instance('one')), stack.use(await instance('two'))];
  const environment = { STORAGE_URL: `${one.origin},${two.origin}` };
  gateway = stack.use(await startGateway({ environment }));
});
afterAll(() => stack.disposeAsync());

const headers = () => ({ authorization: `Bearer ${gateway.token().token}` });

it('an instance that announces its stop gets no requests while there is a different one', async () => {
  const ask = () => fetch(`${gateway.url}/v1/storage/quota`, { headers: headers() });
  for (let turn = 0; turn < 4; turn += 1) await ask();
  expect(asked).toEqual(['one', 'two', 'one', 'two']);
  stopping.add('one');
  const replies = [];
  for (let turn = 0; turn < 6; turn += 1) replies.push(await ask());
  expect(asked.slice(4)).toEqual(['one', 'two', 'two', 'two', 'two', 'two']);
  // What is said within is of no use to the client.
  expect(replies.filter((reply) => reply.headers.has('x-stopping'))).toEqual([]);
});

it('two instances that both announce it still get requests', async () => {
  stopping.add('two');
  const reply = () => fetch(`${gateway.url}/v1/storage/quota`, { headers: headers() });
  for (let turn = 0; turn < 3; turn += 1) expect((await reply()).status).toBe(200);
});
