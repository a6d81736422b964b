import { eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { serviceNames } from '../../support/stack.ts';
import { ended, said } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { container, stateOf, untilHealthy } from '../support/container.ts';

export function refusesWrongSettings(stack: () => ComposeStack): void {
  describe('a setting', () => {
    it('that is missing keeps Compose from starting anything, and is named', async () => {
      const { code, output } = await stack().ended(stack().command(['config', '--quiet']), {
        env: { JWT_SECRET: '' },
      });
      expect(code).not.toBe(0);
      expect(output).toContain('JWT_SECRET is not set. Run deploy/compose-env.sh');
    });

    it.each(serviceNames)(
      'that is missing ends the container of %s with 1 and a line each',
      async (name) => {
        const { code, output } = await ended(['docker', 'run', '--rm', stack().image(name)]);
        expect(code).toBe(1);
        const lines = output.trimEnd().split('\n');
        expect(lines).toContain('DATABASE_URL is not set; expected a postgresql:// URL.');
        for (const line of lines) expect(line).toMatch(/^[A-Z_0-9]+ is not set; expected /);
      },
    );

    it('that is the example’s is refused', async () => {
      const variables = ['NODE_ENV=production', 'JWT_SECRET=change-me-to-something-of-your-own'];
      const environment = variables.flatMap((variable) => ['--env', variable]);
      const words = ['docker', 'run', '--rm', ...environment, stack().image('auth')];
      const { code, output } = await ended(words);
      expect(code).toBe(1);
      expect(output).toMatch(/^JWT_SECRET .*the example's value is refused\.$/m);
    });

    it('that is wrong ends the container again and again, but ever more slowly', async () => {
      const wrong = { env: { BCRYPT_COST: '4' } };
      await stack().compose(['up', '--detach', '--no-deps', 'auth-service'], wrong);
      const restarts = await eventually(
        async () => {
          const { RestartCount } = await container('auth-service');
          expect(RestartCount).toBeGreaterThan(3);
          return RestartCount;
        },
        { timeoutMs: 60_000, intervalMs: 250 },
      );
      // 100 ms, doubled each time: another four take longer than all before them.
      expect(restarts).toBeLessThan(8);
      const logs = await said(['docker', 'logs', 'auth-service']);
      const lines = logs.split('\n').filter((line) => !line.startsWith('{'));
      expect(new Set(lines)).toEqual(
        new Set(['BCRYPT_COST is 4; in production it must be 10 or more.']),
      );
      expect(stateOf(await container('auth-service'))).not.toBe('healthy');
      await stack().compose(['up', '--detach', '--no-deps', 'auth-service']);
      await untilHealthy('auth-service');
    });
  });
}
