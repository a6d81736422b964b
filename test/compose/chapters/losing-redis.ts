import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { send } from '../../../scripts/validate/stack.ts';
import { said } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { Load } from '../support/load.ts';
import { conversing, type Person, readers, register, urls } from '../support/people.ts';
import { project } from '../support/project.ts';
import { untilDegraded } from '../support/prometheus.ts';
import { closingTraffic, everydayTraffic, refused } from '../support/traffic.ts';

const perSecond = 200;

/** Each way of losing Redis: what takes it away, and what brings it back. */
const ways: readonly [string, readonly string[], readonly string[]][] = [
  ['frozen', ['kill', '--signal', 'SIGSTOP', 'redis'], ['kill', '--signal', 'SIGCONT', 'redis']],
  [
    'off the network',
    ['network', 'disconnect', `${project}_back`, 'redis'],
    ['network', 'connect', '--alias', 'redis', `${project}_back`, 'redis'],
  ],
];

export function losesRedis(stack: () => ComposeStack): void {
  describe('with a Redis that is lost', () => {
    let person: Person;
    beforeAll(async () => {
      person = await register();
    });

    it('stopped and started, npm run validate passes', async () => {
      const by = (verb: string): string => stack().command([verb, 'redis']).join(' ');
      const words = ['--stop-redis', by('stop'), '--start-redis', by('start')];
      const { code, output } = await stack().ended(['npm', 'run', 'validate', '--', ...words], {
        timeoutMs: 180_000,
      });
      expect(code, output).toBe(0);
      expect(output).toMatch(/^33 passed, 0 failed$/m);
    });

    it.each(ways)('%s, it is degraded by its metrics and replies, and recovers', async (...way) => {
      const [, lose, restore] = way;
      await untilDegraded('0');
      await said(['docker', ...lose]);
      try {
        await untilDegraded('1');
        expect(await login(person)).toBe(refused('login'));
      } finally {
        await said(['docker', ...restore]);
      }
      await untilDegraded('0');
      expect(await login(person)).toMatch(/^200 /);
    });

    it('under 200 requests a second, every reply is as declared', async () => {
      const { JWT_SECRET: secret = '', SIGNALS_TOKEN: token = '' } = stack().secrets;
      const everyday = {
        url: urls.gateway,
        reader: readers(secret),
        writers: await conversing(20),
      };
      const kinds = [...everydayTraffic(everyday), ...closingTraffic(urls, person, token)];
      const load = new Load(
        kinds.map((kind) => (kind.name === 'login' ? kind : { ...kind, share: kind.share * 8 })),
        perSecond,
      );
      // As long as it takes to see what is usual; the same again for each of the others.
      const phaseMs = 6000;
      await delay(phaseMs);
      await stack().compose(['stop', 'redis']);
      await delay(phaseMs);
      await stack().compose(['start', 'redis']);
      await untilDegraded('0');
      await delay(phaseMs);
      const { outcomes, undeclared } = await load.end();
      expect(undeclared).toEqual({});
      for (const { name } of kinds) {
        const seen = Object.keys(outcomes).filter((outcome) => outcome.startsWith(`${name}: `));
        // What fails closed was seen in normal operation and refused; nothing else changed.
        const both = name === 'login' || name === 'an alert';
        expect(seen.length, name).toBe(both ? 2 : 1);
      }
    });
  });
}

async function login({ credentials }: Person): Promise<string> {
  const { status, text } = await send('POST', `${urls.auth}/v1/auth/login`, { body: credentials });
  return `${status} ${text}`;
}
