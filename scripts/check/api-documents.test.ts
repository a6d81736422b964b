import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { lintApiDocuments } from './api-documents.ts';

const root = join(import.meta.dirname, '../..');
const generated = join(root, 'packages/contracts/generated');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secureconnect-lint-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A configuration as that of the repository, apart from what is given. */
async function configWith(change: { openapi?: string; rules?: object }): Promise<string> {
  const config = parse(await readFile(join(root, 'redocly.yaml'), 'utf8'));
  config.apis.openapi.root = change.openapi ?? join(generated, 'openapi.json');
  config.apis.asyncapi.root = join(generated, 'asyncapi.json');
  const file = join(folder, 'redocly.yaml');
  await writeFile(file, JSON.stringify({ ...config, rules: { ...config.rules, ...change.rules } }));
  return file;
}

test('the generated documents have no findings', async () => {
  expect(await lintApiDocuments(root)).toEqual([]);
});

test('a warning is a finding', async () => {
  const document = JSON.parse(await readFile(join(generated, 'openapi.json'), 'utf8'));
  delete document.info.license;
  const openapi = join(folder, 'openapi.json');
  await writeFile(openapi, JSON.stringify(document));
  const findings = await lintApiDocuments(root, await configWith({ openapi }));
  expect(findings).toEqual([expect.stringContaining('warn info-license')]);
});

test('a misspelt rule is a finding', async () => {
  const config = await configWith({ rules: { 'operation-sumary': 'error' } });
  const findings = await lintApiDocuments(root, config);
  expect(findings).toContainEqual(expect.stringContaining('operation-sumary'));
});

test('a document that cannot be read is a finding', async () => {
  const config = await configWith({ openapi: join(folder, 'none.json') });
  expect(await lintApiDocuments(root, config)).toContainEqual(expect.stringContaining('none.json'));
});
