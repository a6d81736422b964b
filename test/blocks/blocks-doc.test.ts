import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleUser } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';
import { elsewhere } from './elsewhere.ts';
import { type Place, Trial } from './trial.ts';
import { ways } from './ways.ts';

/** Every row of docs/blocks.md is done here, by both of the two. */
const doc = await readFile(join(import.meta.dirname, '../../docs/blocks.md'), 'utf8');

/** The rows of the table with this heading, each with its cells. */
function tableOf(heading: string): string[][] {
  const table = doc.slice(doc.indexOf(`| ${heading}`)).split('\n\n')[0] ?? '';
  return table
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

let stack: Stack;
let trial: Trial;
beforeAll(async () => {
  stack = await startStack();
  trial = new Trial(stack);
});
afterAll(() => stack[Symbol.asyncDispose]());

/** Who of the two does it; both, where the row does not say. */
function doersOf(way: string, { ada, bob }: Place): readonly SampleUser[] {
  if (way.endsWith('having blocked')) return [ada];
  return way.endsWith('being blocked') ? [bob] : [ada, bob];
}

describe.each(['direct', 'group'] as const)('with a block, in a conversation (%s)', (kind) => {
  const rows = tableOf('what one of the two does |');

  it('has a row for everything that is tried here', () => {
    expect(rows.map(([way]) => way)).toEqual(Object.keys(ways));
  });

  it.each(rows)('%s', async (way = '', direct = '', group = '') => {
    const prepare = ways[way];
    if (prepare === undefined) throw new Error(`nobody has tried to ${way}`);
    const expected = kind === 'direct' ? direct : group;
    for (const doer of [0, 1]) {
      const place = await trial.newPlace(kind);
      const user = doersOf(way, place)[doer];
      if (user === undefined) continue;
      const act = await prepare(trial, place, user);
      await trial.block(place);
      expect([user === place.ada ? 'the blocker' : 'the other', await act()]).toEqual([
        user === place.ada ? 'the blocker' : 'the other',
        expected,
      ]);
    }
  });
});

describe('with a block, elsewhere', () => {
  const rows = tableOf('what one of the two does elsewhere');

  it('has a row for everything that is tried here', () => {
    expect(rows.map(([way]) => way)).toEqual(Object.keys(elsewhere));
  });

  it.each(rows)('%s', async (way = '', expected = '') => {
    const act = elsewhere[way];
    if (act === undefined) throw new Error(`nobody has tried to ${way}`);
    const [ada, bob, eve] = [await trial.user(), await trial.user(), await trial.user()];
    await trial.block({ ada, bob });
    expect(await act(trial, ada, bob, eve)).toBe(expected);
  });
});
