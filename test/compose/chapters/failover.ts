import { eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { send } from '../../../scripts/validate/stack.ts';
import { said } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { untilHealthy } from '../support/container.ts';
import { register, urls } from '../support/people.ts';
import { untilDegraded } from '../support/prometheus.ts';

/** The container that the sentinels call the master. */
async function master(): Promise<string> {
  const words = ['sentinel', 'get-master-addr-by-name', 'mymaster'];
  const answer = await said(['docker', 'exec', 'sentinel-1', 'redis-cli', '-p', '26379', ...words]);
  return answer.split('\n')[0] ?? '';
}

export function failsOver(stack: () => ComposeStack): void {
  describe('with three Redis servers and three sentinels', () => {
    it('starts no single Redis, and serves', async () => {
      expect(await stack().compose(['ps'])).not.toMatch(/\bredis\s/);
      await untilDegraded('0');
    });

    it('continues after its master was killed', { timeout: 120_000 }, async () => {
      const person = await register();
      const before = await master();
      expect(before).toMatch(/^redis-[123]$/);
      await said(['docker', 'kill', before]);
      await eventually(async () => expect(await master()).not.toBe(before), { timeoutMs: 40_000 });
      await eventually(
        async () => {
          const body = person.credentials;
          expect((await send('POST', `${urls.auth}/v1/auth/login`, { body })).status).toBe(200);
        },
        { timeoutMs: 20_000, intervalMs: 250 },
      );
      await untilDegraded('0');
      // Killed by hand it stays down; started again it is a replica of the new master.
      await said(['docker', 'start', before]);
      await untilHealthy(before);
      expect(await master()).not.toBe(before);
    });
  });
}
