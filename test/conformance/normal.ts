import { expect } from 'vitest';
import type { Stack } from '../support/stack.ts';
import { sendSample } from './send-sample.ts';
import { tableRows } from './tables.ts';
import { bothWays } from './ways.ts';
import { createWorld } from './world.ts';

/** Every sample of every row, both ways, is answered as with a Redis that is there. */
export async function expectEveryRowNormal(stack: Stack): Promise<void> {
  const world = createWorld(stack);
  for (const { to, method, sample } of bothWays(tableRows())) {
    const request = await sample.prepare(world);
    const { status, degraded } = await sendSample(stack.urls[to], method, request);
    const wanted = [to, method, request.path, sample.status, null];
    expect([to, method, request.path, status, degraded]).toEqual(wanted);
  }
}
