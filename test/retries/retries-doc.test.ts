import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '@secureconnect/postgres';
import type { SampleWorld } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Case, httpCases } from '../conformance/cases.ts';
import { createWorld } from '../conformance/world.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { furtherCases } from './further-cases.ts';
import { sendTwice } from './send-twice.ts';

/** Every row of docs/retries.md is a request that is sent twice here. */
const doc = await readFile(join(import.meta.dirname, '../../docs/retries.md'), 'utf8');
const rows = new Map(
  [...doc.matchAll(/^\| ([A-Z]+ \/[^|]*) \| ([^|]+) \|/gm)].map(
    ([, request = '', outcome = '']) => [request, outcome],
  ),
);

/** Samples of one row that the page tells apart. */
const names: Readonly<Record<string, string>> = {
  'POST /v1/conversations': 'POST /v1/conversations, direct',
};

const cases: [string, Case][] = [
  ...httpCases()
    .filter(({ method }) => method !== 'GET')
    .map((one): [string, Case] => [names[one.policy.route] ?? one.policy.route, one]),
  ...Object.entries(furtherCases),
];

let stack: Stack;
let database: Database;
let world: SampleWorld;
beforeAll(async () => {
  stack = await startStack();
  database = openTestDatabase(stack.databaseUrl);
  world = createWorld(stack);
});
afterAll(async () => {
  await database.close();
  await stack[Symbol.asyncDispose]();
});

it('names only existing requests', () => {
  const known = new Set(cases.map(([name]) => name));
  expect([...rows.keys()].filter((name) => !known.has(name))).toEqual([]);
});

it.each(cases)('%s', async (name, one) => {
  const outcome = await sendTwice(one, { baseUrl: stack.urls[one.service], world, database });
  expect(rows.get(name)).toBe(outcome);
  // What stores nothing is named below the table.
  if (outcome === undefined) expect(doc).toContain(one.policy.route.replace(/^\w+ (\/v1)?/, ''));
});
