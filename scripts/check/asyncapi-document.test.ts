import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { validateAsyncApi } from './asyncapi-document.ts';

const generated = join(import.meta.dirname, '../../packages/contracts/generated/asyncapi.json');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secureconnect-asyncapi-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the generated document has no findings', async () => {
  expect(await validateAsyncApi(generated)).toEqual([]);
});

test('a message of a different channel is a finding', async () => {
  const document = JSON.parse(await readFile(generated, 'utf8'));
  const [operation] = Object.values<{ messages: unknown[] }>(document.operations);
  if (operation === undefined) throw new Error('the document has no operation');
  operation.messages = [{ $ref: '#/components/messages/none' }];
  const file = join(folder, 'asyncapi.json');
  await writeFile(file, JSON.stringify(document));
  expect(await validateAsyncApi(file)).toContainEqual(
    expect.stringContaining('asyncapi3-operation-messages-from-referred-channel'),
  );
});
