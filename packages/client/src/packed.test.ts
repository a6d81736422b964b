import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installPacked, promisedNodes } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

/** An empty folder into which the tarball was installed. */
let folder: string;
beforeAll(async () => {
  folder = await installPacked('client');
});
afterAll(() => rm(folder, { recursive: true }));

/** Compiles a module with the settings of `tsc --init`, without the types of Node.js. */
async function compile(code: string): Promise<string> {
  const project = await mkdtemp(join(folder, 'project-'));
  await writeFile(join(project, 'page.ts'), code);
  await run(process.execPath, [compiler, '--init'], { cwd: project });
  try {
    const options = ['--noEmit', '--types', '', '-p', project];
    return (await run(process.execPath, [compiler, ...options])).stdout;
  } catch (error) {
    return String((error as { readonly stdout: unknown }).stdout);
  }
}

const page = (request: string) => `
  import { Client, type Message } from '@secureconnect/client';
  import { IndexedDbStore } from '@secureconnect/client/browser';
  import { type Call, openCalls } from '@secureconnect/client/calls';
  const client = new Client({ baseUrl: 'http://localhost:8080', store: new IndexedDbStore() });
  export async function titles(): Promise<(string | undefined)[]> {
    const { conversations } = ${request};
    return conversations.map(({ title }) => title);
  }
  export async function say(conversation_id: string): Promise<Message> {
    const chat = await client.openChat({ onEvent: ({ type }) => console.log(type) });
    return chat.send({ conversation_id, content: 'See you at noon.' });
  }
  export async function ring(video: HTMLVideoElement): Promise<void> {
    const show = ({ participants: [other] }: Call) => {
      video.srcObject = other?.streams[0] ?? null;
    };
    const onIncoming = (call: Call) => void call.subscribe(() => show(call));
    const [device] = await (await openCalls(client, { onIncoming })).devices();
    console.log(device?.toJSON());
  }`;

describe('the packed client, installed in an empty folder', () => {
  it('compiles in a page with the settings of tsc --init', async () => {
    const request = "await client.request('GET /v1/conversations', { query: { limit: 5 } })";
    expect(await compile(page(request))).toBe('');
  });

  it('refuses a wrong request there', async () => {
    const request = "await client.request('GET /v1/conversations', { query: { limt: 5 } })";
    expect(await compile(page(request))).toContain("'limt' does not exist");
  });

  describe.each(promisedNodes)('under $name', ({ node, skipReason }) => {
    it.skipIf(skipReason)(`runs${skipReason}`, async () => {
      await writeFile(
        join(folder, 'app.js'),
        `import { Client, RefusedError } from '@secureconnect/client';
       import { FileStore } from '@secureconnect/client/node';
       const reply = { success: true, data: { id: 1 }, meta: { timestamp: '2026-01-31T12:00:00Z' } };
       const client = new Client({
         baseUrl: 'http://gateway',
         store: new FileStore('kept'),
         fetch: async () => Response.json(reply),
       });
       console.log((await client.request('GET /v1/users/me')).id, typeof RefusedError);`,
      );
      const { stdout } = await run(node, ['app.js'], { cwd: folder });
      expect(stdout).toBe('1 function\n');
    });
  });
});
