import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { said } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { Load } from '../support/load.ts';
import { conversing, readers, urls } from '../support/people.ts';
import { everydayTraffic } from '../support/traffic.ts';

const perSecond = 200;

/** Ten instances, of which each takes some 20 s until it is healthy again. */
const maxMs = 480_000;

export function restartsInTurn(stack: () => ComposeStack): void {
  describe('a rolling restart', () => {
    it('of every service under 200 requests a second fails none of them', {
      timeout: maxMs + 60_000,
    }, async () => {
      const { JWT_SECRET: secret = '' } = stack().secrets;
      const kinds = everydayTraffic({
        url: urls.loadBalancer,
        reader: readers(secret),
        writers: await conversing(60),
      });
      const load = new Load(kinds, perSecond);
      await delay(3000);
      await said(['node', 'scripts/compose-rolling-restart.ts'], {
        timeoutMs: 420_000,
        shown: true,
      });
      await delay(3000);
      const { outcomes, undeclared } = await load.end();
      expect(undeclared).toEqual({});
      expect(Object.keys(outcomes).length).toBe(kinds.length);
    });
  });
}
