import { afterAll, describe, it } from 'vitest';
import { groundSkipReason } from './ground.ts';
import { losses } from './outages.ts';
import { passThrough } from './pass-through.ts';
import { ScenarioTable } from './table.ts';

const table = new ScenarioTable();
afterAll(() => table.print());

describe.skipIf(groundSkipReason !== '')(`alerts, with too few servers${groundSkipReason}`, () => {
  it.each(losses)(
    '$rows.0: they are refused, and taken with $rows.1',
    { timeout: 120_000 },
    (outage) => passThrough(outage, table),
  );
});
