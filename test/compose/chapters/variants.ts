import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { variants } from '../support/documented.ts';

/** Services that are there in this variant alone. */
const own = { ha: 'sentinel-3', scale: 'api-gateway-2', cockroach: 'cockroach' } as const;

export function knowsItsVariants(stack: () => ComposeStack): void {
  describe('a variant', () => {
    it.each(variants)('%s is understood as it is written in docs/docker.md', async (variant) => {
      const services = await stack().compose(['config', '--services'], { variant });
      expect(services.split('\n')).toEqual(expect.arrayContaining(['api-gateway', own[variant]]));
    });

    it('can be named in .env, once and for all', async () => {
      const file = join(stack().directory, '.env');
      const before = await readFile(file, 'utf8');
      const settings = [
        'COMPOSE_FILE=docker-compose.yml:docker-compose.scale.yml',
        'COMPOSE_PROFILES=monitoring,scale',
      ];
      await appendFile(file, `${settings.join('\n')}\n`);
      try {
        const words = [...stack().program, 'config', '--services'];
        const services = await linesOf(words, { directory: stack().directory });
        expect(services).toEqual(expect.arrayContaining([own.scale, 'prometheus']));
      } finally {
        await writeFile(file, before);
      }
    });
  });
}
