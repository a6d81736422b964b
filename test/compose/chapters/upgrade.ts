import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { shellBlocks } from '../../support/console-block.ts';
import { type Ended, linesOf, root, said } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { untilAllHealthy } from '../support/container.ts';
import { Load, type Result } from '../support/load.ts';
import { conversing, readers, urls } from '../support/people.ts';
import { everydayTraffic } from '../support/traffic.ts';
import { own as ownLine } from './runbooks.ts';

const page = readFileSync(join(root, 'docs/upgrade.md'), 'utf8');
const [upgrade = [], rollback = [], upgradeInTurn = []] = shellBlocks(page);
const maxFailedSeconds = Number(/allows (\d+) in each direction/.exec(page)?.[1]);
const [perSecond, perSecondToTwo] = [
  /(\d+) requests a second to one instance/,
  / (\d+) to two/,
].map((said) => Number(said.exec(page)?.[1])) as [number, number];

const names = ['api-gateway', 'auth-service', 'chat-service', 'video-service', 'storage-service'];
/** The tags of the images that these containers run from. */
async function tags(containers: readonly string[]): Promise<Set<string>> {
  const format = ['--format', '{{.Config.Image}}'];
  const images = await linesOf(['docker', 'inspect', ...format, ...containers]);
  return new Set(images.map((image) => image.replace(/^.*:/, '')));
}

/** The lines of docs/upgrade.md, to images of a different tag and back. */
export function upgrades(stack: () => ComposeStack): void {
  describe('upgrade and rollback', () => {
    it('replace every service, and fail requests no longer than the page says', async () => {
      const former = formerOf(stack());
      const next = nextOf(stack());
      const load = { url: urls.gateway, perSecond };
      try {
        const up = await underLoad(stack(), { ...load, lines: upgrade, version: next });
        expect(up.failedSeconds).toBeLessThanOrEqual(maxFailedSeconds);
        expect(await tags(names)).toEqual(new Set([next]));
        const back = await underLoad(stack(), { ...load, lines: rollback, version: former });
        expect(back.failedSeconds).toBeLessThanOrEqual(maxFailedSeconds);
        expect(await tags(names)).toEqual(new Set([former]));
      } finally {
        const format = ['--format', '{{.Repository}}:{{.Tag}}'];
        const ours = await linesOf(['docker', 'image', 'ls', ...format, `secureconnect/*:${next}`]);
        if (ours.length > 0) await said(['docker', 'image', 'rm', '--force', ...ours]);
      }
    });
  });
}

/**
 * Its lines that upgrade two instances, with the variant `scale`. Those of the rollback are the same
 * script in a different order: scripts/compose/rolling-restart.test.ts.
 */
export function upgradesInTurn(stack: () => ComposeStack): void {
  describe('an upgrade with two instances', () => {
    it('replaces every service, and fails no request', { timeout: 600_000 }, async () => {
      const version = nextOf(stack());
      const run = {
        lines: upgradeInTurn,
        version,
        url: urls.loadBalancer,
        perSecond: perSecondToTwo,
        env: {
          COMPOSE_FILE: 'docker-compose.yml:docker-compose.scale.yml',
          COMPOSE_PROFILES: 'monitoring,scale',
        },
      };
      const { undeclared } = await underLoad(stack(), run);
      expect(undeclared).toEqual({});
      expect(await tags(names.flatMap((name) => [name, `${name}-2`]))).toEqual(new Set([version]));
    });
  });
}

/** The tag of the images that are upgraded to; those of the same sources. */
const nextOf = (stack: ComposeStack): string => `${formerOf(stack)}-next`;
const formerOf = (stack: ComposeStack): string => stack.environment['SECURECONNECT_VERSION'] ?? '';

interface LinesUnderLoad {
  readonly lines: readonly string[];
  /** That they start. */
  readonly version: string;
  /** Where the load is sent. */
  readonly url: string;
  readonly perSecond: number;
  /** For lines that are run as they stand; without it, those of the stack's files and profiles. */
  readonly env?: Readonly<Record<string, string>>;
}

const isBuild = (line: string): boolean => line.endsWith(' build');

async function underLoad(
  stack: ComposeStack,
  { lines, version, url, perSecond: rate, env }: LinesUnderLoad,
): Promise<Result> {
  expect(lines).not.toEqual([]);
  const reader = readers(stack.secrets['JWT_SECRET'] ?? '');
  const kinds = everydayTraffic({ url, reader, writers: await conversing(30) });
  const own = (line: string): string => (env === undefined ? ownLine(line, stack) : line);
  const run = (some: readonly string[]): Promise<Ended> =>
    stack.ended(['bash', '-euc', some.map(own).join('\n')], {
      env: { ...env, SECURECONNECT_VERSION: version },
      timeoutMs: 420_000,
    });
  // Before the load: where the machine has no room for a build, it is made elsewhere.
  const built = await run(lines.filter(isBuild));
  expect(built.code, built.output).toBe(0);
  const load = new Load(kinds, rate);
  await delay(2000);
  const replaced = await run(lines.filter((line) => !isBuild(line)));
  await untilAllHealthy();
  const result = await load.end();
  expect(replaced.code, replaced.output).toBe(0);
  expect(Object.keys(result.outcomes).length).toBeGreaterThanOrEqual(kinds.length);
  process.stderr.write(`to ${version}: requests failed in ${result.failedSeconds} seconds\n`);
  return result;
}
