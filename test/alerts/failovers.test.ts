import { afterAll, describe, expect, it } from 'vitest';
import { groundSkipReason } from './ground.ts';
import { aRoundAndMore, during, normalOperation, refusals } from './normal-operation.ts';
import { failovers } from './outages.ts';
import { passThrough } from './pass-through.ts';
import { UsualPhase } from './phase.ts';
import { killNodes } from './redis-node.ts';
import { ScenarioTable } from './table.ts';

const slow = { timeout: 120_000 };

const table = new ScenarioTable();
afterAll(() => table.print());

describe.skipIf(groundSkipReason !== '')(
  `alerts, where the set mends itself${groundSkipReason}`,
  () => {
    it('one replica killed: they are accepted normally', slow, async () => {
      await using parts = new AsyncDisposableStack();
      const [ground, ledger] = await normalOperation(parts);
      using phase = await UsualPhase.begin(ground);
      await killNodes(ground.redis, 2);
      ledger.fire(during);
      const counts = await ledger.untilTaken();
      await phase.untilTaken(aRoundAndMore);
      await table.record('one replica killed', await phase.normalReplies(), counts);
      expect(counts.fired).toBe(6);
      await refusals(ground);
    });

    it.each(failovers)('$rows.0: they are refused, and taken $rows.1', slow, (outage) =>
      passThrough(outage, table),
    );
  },
);
