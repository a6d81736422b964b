import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataOf, send, textOf } from '../../../scripts/validate/stack.ts';
import { shellBlocks } from '../../support/console-block.ts';
import { root } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { untilAllHealthy } from '../support/container.ts';
import { conversing, type Person, urls } from '../support/people.ts';
import { own } from './runbooks.ts';

const [backup = [], restore = []] = shellBlocks(readFileSync(join(root, 'docs/backup.md'), 'utf8'));

const sqlCounts = ['auth.users', 'auth.sessions', 'chat.conversations', 'storage.files']
  .map((table) => `(SELECT count(*) FROM ${table})`)
  .join(', ');
const contents = 'a file that is restored';

/** The lines of docs/backup.md, from a stack with data to an empty one without a variant. */
export function restoresBackups(stack: () => ComposeStack): void {
  describe('backup and restore', () => {
    it('bring back every account, message and file into an empty stack', {
      timeout: 480_000,
    }, async () => {
      const people = await conversing(2);
      const files: string[] = [];
      for (const person of people) {
        await say(person);
        files.push(await upload(person));
      }
      const before = await counts(stack());
      expect(before.sql).toMatch(/^\d+\|\d+\|\d+\|\d+$/);
      expect(before.messages).toBeGreaterThanOrEqual(people.length);
      expect(before.objects).toBeGreaterThanOrEqual(people.length);

      await run(stack(), backup);
      const folder = join(stack().directory, 'backups');
      expect((await stat(folder)).mode & 0o077).toBe(0);
      expect(await readdir(folder)).toHaveLength(1);
      await stack().down();
      stack().become(undefined);
      await run(stack(), restore);
      await untilAllHealthy();

      expect(await counts(stack())).toEqual(before);
      for (const [index, person] of people.entries()) {
        expect(await messagesOf(person)).toContain(`from ${person.userId}`);
        expect(await download(person, files[index])).toBe(contents);
        const login = await send('POST', `${urls.auth}/v1/auth/login`, {
          body: person.credentials,
        });
        expect(login.status).toBe(200);
      }
    });
  });
}

async function run(stack: ComposeStack, lines: readonly string[]): Promise<void> {
  const script = lines.map((line) => own(line, stack)).join('\n');
  const { code, output } = await stack.ended(['bash', '-euc', script], { timeoutMs: 420_000 });
  expect(code, output).toBe(0);
}

/** How much each store holds: rows of tables that nothing but people changes, messages and objects. */
async function counts(stack: ComposeStack) {
  const psql = ['psql', '--username=secureconnect', '--tuples-only', '--no-align', '--command'];
  const cqlsh = ['cqlsh', '--execute', 'SELECT count(*) FROM secureconnect_chat.messages'];
  const list = ['sh', '-c', 'ls -d /data/secureconnect-files/*/ | wc -l'];
  const messages = await stack.compose(['exec', '-T', 'cassandra', ...cqlsh]);
  return {
    sql: await stack.compose(['exec', '-T', 'postgres', ...psql, `SELECT ${sqlCounts}`]),
    messages: Number(/^\s*(\d+)\s*$/m.exec(messages)?.[1]),
    objects: Number(await stack.compose(['exec', '-T', 'minio', ...list])),
  };
}

type Writer = Person & { readonly conversationId: string };

async function say({ token, userId, conversationId }: Writer): Promise<void> {
  const body = { conversation_id: conversationId, content: `from ${userId}` };
  expect((await send('POST', `${urls.chat}/v1/messages`, { token, body })).status).toBe(201);
}

async function messagesOf({ token, conversationId }: Writer): Promise<string> {
  const url = `${urls.chat}/v1/messages?conversation_id=${conversationId}`;
  return (await send('GET', url, { token })).text;
}

/** Sends a file; resolves to its id. */
async function upload({ token }: Person): Promise<string> {
  const body = { file_name: 'a.txt', file_size: contents.length, content_type: 'text/plain' };
  const answer = await send('POST', `${urls.storage}/v1/storage/upload-url`, { token, body });
  const target = dataOf('an upload', answer);
  const headers = { 'content-type': 'text/plain' };
  const put = await fetch(textOf(target, 'upload_url'), { method: 'PUT', headers, body: contents });
  expect(put.status).toBe(200);
  const file_id = textOf(target, 'file_id');
  const completed = `${urls.storage}/v1/storage/upload-complete`;
  dataOf('upload-complete', await send('POST', completed, { token, body: { file_id } }));
  return file_id;
}

async function download({ token }: Person, fileId = ''): Promise<string> {
  const url = `${urls.storage}/v1/storage/download-url/${fileId}`;
  const target = dataOf('a download', await send('GET', url, { token }));
  return (await fetch(textOf(target, 'download_url'))).text();
}
