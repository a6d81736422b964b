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
const [upgrade = [], rollback = [], upgradeInTurn = [], rollbackInTurn = []] = shellBlocks(page);
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
      const both = { lines: [upgrade, rollback], names, url: urls.gateway, perSecond };
      for (const { failedSeconds } of await thereAndBack(stack(), both)) {
        expect(failedSeconds).toBeLessThanOrEqual(maxFailedSeconds);
      }
    });
  });
}

/** Its lines for two instances, with the variant `scale`. */
export function upgradesInTurn(stack: () => ComposeStack): void {
  describe('upgrade and rollback with two instances', () => {
    it('replace every service, and fail no request', { timeout: 900_000 }, async () => {
      const both = {
        lines: [upgradeInTurn, rollbackInTurn],
        names: names.flatMap((name) => [name, `${name}-2`]),
        url: urls.loadBalancer,
        perSecond: perSecondToTwo,
        env: {
          COMPOSE_FILE: 'docker-compose.yml:docker-compose.scale.yml',
          COMPOSE_PROFILES: 'monitoring,scale',
        },
      };
      for (const { undeclared } of await thereAndBack(stack(), both))
        expect(undeclared).toEqual({});
    });
  });
}

interface ThereAndBack {
  /** To the next version, and to the former. */
  readonly lines: readonly (readonly string[])[];
  /** The containers that are replaced. */
  readonly names: readonly string[];
  /** Where the load is sent. */
  readonly url: string;
  readonly perSecond: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the lines of each direction under load; what came of the requests. */
async function thereAndBack(stack: ComposeStack, both: ThereAndBack): Promise<Result[]> {
  const former = stack.environment['SECURECONNECT_VERSION'] ?? '';
  const next = `${former}-next`;
  const results: Result[] = [];
  try {
    for (const [at, version] of [next, former].entries()) {
      results.push(await underLoad(stack, both, { lines: both.lines[at] ?? [], version }));
      expect(await tags(both.names)).toEqual(new Set([version]));
    }
  } finally {
    const format = ['--format', '{{.Repository}}:{{.Tag}}'];
    const ours = await linesOf(['docker', 'image', 'ls', ...format, `secureconnect/*:${next}`]);
    if (ours.length > 0) await said(['docker', 'image', 'rm', '--force', ...ours]);
  }
  return results;
}

const isBuild = (line: string): boolean => line.endsWith(' build');

async function underLoad(
  stack: ComposeStack,
  { url, perSecond: rate, env }: ThereAndBack,
  { lines, version }: { lines: readonly string[]; version: string },
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
