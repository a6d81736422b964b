import { Findings } from '@secureconnect/degraded-mode/testing';
import { textField } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { redisUsers, untilGauges } from '../support/gauges.ts';
import { startStack } from '../support/stack.ts';
import type { Mode } from './modes.ts';
import { runMode } from './run-mode.ts';
import { tableRows } from './tables.ts';
import { createWorld } from './world.ts';

/** Redis is up all the time; the services are told to act as if it were not. */
const drill: Mode = {
  name: 'in a drill',
  atOnce: 'degraded',
  throughout: 'degraded',
  async open(parts) {
    const stack = parts.use(await startStack());
    const world = createWorld(stack);
    const { userId, token } = await world.user();
    await world.makeAdmin(userId);
    const services = redisUsers.map((name) => name.replace(/^api-|-service$/g, ''));
    let drillId = '';
    return {
      stack,
      async begin() {
        const body = { services, seconds: 3600 };
        const begun = await world.data('auth', 'POST', '/v1/admin/drills', { token, body });
        drillId = textField(begun, 'drill_id');
        await untilGauges(stack, '1');
        return stack;
      },
      async end() {
        await world.data('auth', 'POST', `/v1/admin/drills/${drillId}/end`, { token });
      },
    };
  },
};

it('every row does in a drill what it does while Redis is down', { timeout: 240_000 }, async () => {
  const findings = new Findings();
  // Drills themselves: a second one is refused because there is one, and not for want of Redis.
  const isOfDrills = /^POST \/v1\/admin\/drills/;
  const rows = tableRows().filter(({ policy }) => !isOfDrills.test(policy.route));
  await runMode(drill, rows, findings);
  expect(findings.all()).toEqual([]);
});
