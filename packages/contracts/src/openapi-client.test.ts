import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compilerErrors } from '@secureconnect/testkit';
import openapiTypes, { astToString } from 'openapi-typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

const fixtures = join(import.meta.dirname, 'fixtures');
const packageFolder = join(import.meta.dirname, '..');
let folder: string;

beforeAll(async () => {
  // Inside of the package, where the compiler finds openapi-fetch.
  await mkdir(join(packageFolder, '.cache'), { recursive: true });
  folder = await mkdtemp(join(packageFolder, '.cache', 'client-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('a client of the types that openapi-typescript generates compiles', async () => {
  const document = await readFile(join(packageFolder, 'generated/openapi.json'), 'utf8');
  const types = await openapiTypes(document, { defaultNonNullable: false });
  await writeFile(join(folder, 'paths.ts'), astToString(types));
  for (const name of ['client', 'wrong-client']) {
    await copyFile(join(fixtures, `${name}.fixture.ts`), join(folder, `${name}.ts`));
  }
  const config = { extends: '../../../../tsconfig.base.json', include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  expect([...(await compilerErrors(folder))]).toEqual([
    ['wrong-client', [expect.stringContaining("Property 'password' is missing")]],
  ]);
});
