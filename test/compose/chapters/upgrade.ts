import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { shellBlocks } from '../../support/console-block.ts';
import { linesOf, root, said } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { untilAllHealthy } from '../support/container.ts';
import { Load } from '../support/load.ts';
import { conversing, readers, urls } from '../support/people.ts';
import { everydayTraffic } from '../support/traffic.ts';
import { own } from './runbooks.ts';

const page = readFileSync(join(root, 'docs/upgrade.md'), 'utf8');
const [upgrade = [], rollback = []] = shellBlocks(page);
const maxFailedSeconds = Number(/allows (\d+) in each direction/.exec(page)?.[1]);
const perSecond = 50;

const names = ['api-gateway', 'auth-service', 'chat-service', 'video-service', 'storage-service'];
/** The tags of the images that the services run from. */
async function tags(): Promise<Set<string>> {
  const images = await linesOf(['docker', 'inspect', '--format', '{{.Config.Image}}', ...names]);
  return new Set(images.map((image) => image.replace(/^.*:/, '')));
}

/** The lines of docs/upgrade.md, to images of a different tag and back. */
export function upgrades(stack: () => ComposeStack): void {
  describe('upgrade and rollback', () => {
    it('replace every service, and fail requests no longer than the page says', async () => {
      const former = stack().environment['SECURECONNECT_VERSION'] ?? '';
      const next = `${former}-next`;
      try {
        expect(await failedSeconds(stack(), upgrade, next)).toBeLessThanOrEqual(maxFailedSeconds);
        expect(await tags()).toEqual(new Set([next]));
        expect(await failedSeconds(stack(), rollback, former)).toBeLessThanOrEqual(
          maxFailedSeconds,
        );
        expect(await tags()).toEqual(new Set([former]));
      } finally {
        const built = await linesOf([
          'docker',
          'image',
          'ls',
          '--format',
          '{{.Repository}}:{{.Tag}}',
        ]);
        const ours = built.filter((image) => image.endsWith(`:${next}`));
        if (ours.length > 0) await said(['docker', 'image', 'rm', '--force', ...ours]);
      }
    });
  });
}

/** Runs lines under load; in how many seconds a request failed. */
async function failedSeconds(
  stack: ComposeStack,
  lines: readonly string[],
  version: string,
): Promise<number> {
  const reader = readers(stack.secrets['JWT_SECRET'] ?? '');
  const traffic = { url: urls.gateway, reader, writers: await conversing(20) };
  const load = new Load(everydayTraffic(traffic), perSecond);
  await delay(2000);
  const script = lines.map((line) => own(line, stack)).join('\n');
  const { code, output } = await stack.ended(['bash', '-euc', script], {
    env: { SECURECONNECT_VERSION: version },
    timeoutMs: 240_000,
  });
  await untilAllHealthy();
  const { failedSeconds: failed } = await load.end();
  expect(code, output).toBe(0);
  process.stderr.write(`to ${version}: requests failed in ${failed} seconds\n`);
  return failed;
}
