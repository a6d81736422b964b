import { expect } from 'vitest';
import type { Stack } from '../support/stack.ts';
import { sendSample } from './send-sample.ts';
import { tableRows } from './tables.ts';
import { bothWays, eachOneWay } from './ways.ts';
import { createWorld } from './world.ts';

/** The next run takes the other way of each sample. */
let turn = 0;

/**
 * Every row is answered as with a Redis that is there: each sample by its service's own port or by
 * the gateway, in turn. Both ways are the suite's affair.
 */
export async function expectEveryRowNormal(stack: Stack): Promise<void> {
  const world = createWorld(stack);
  const cases = eachOneWay(bothWays(tableRows()), turn);
  turn += 1;
  for (const { to, method, sample } of cases) {
    const request = await sample.prepare(world);
    const { status, degraded } = await sendSample(stack.urls[to], method, request);
    const wanted = [to, method, request.path, sample.status, null];
    expect([to, method, request.path, status, degraded]).toEqual(wanted);
  }
}
