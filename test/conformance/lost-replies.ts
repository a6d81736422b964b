import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Findings } from '@secureconnect/degraded-mode/testing';
import type { Sql } from '@secureconnect/postgres';
import { loseReplies } from '../support/lost-replies.ts';
import { RedisWatch } from '../support/redis-watch.ts';
import { type ServiceName, serviceNames, startStack } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { effectsOf, saysNothing, timesHappened } from './effects.ts';
import { sendSample } from './send-sample.ts';
import { trySockets } from './socket-rows.ts';
import { setSocketScene } from './socket-scene.ts';
import { rowName, type TableRow } from './tables.ts';
import { bothWays, type SentCase } from './ways.ts';
import { createWorld } from './world.ts';

/** The requests of docs/retries.md, with what becomes of each when it is sent again. */
const retries = new Map(
  [
    ...(await readFile(join(import.meta.dirname, '../../docs/retries.md'), 'utf8')).matchAll(
      /^\| ([A-Z]+ \/[^|]*) \| ([^|]+) \|/gm,
    ),
  ].map(([, request = '', outcome = '']) => [request, outcome]),
);

/** The sample of a row that the page tells from another use of it. */
const names: Readonly<Record<string, string>> = {
  'POST /v1/conversations': 'POST /v1/conversations, direct',
};

/** What becomes of the request of a case that is sent again; undefined if the page lacks it. */
function sentAgain({ served, method }: SentCase): string | undefined {
  const route = served?.policy.route ?? '';
  return method === 'GET' ? undefined : retries.get(names[route] ?? route);
}

/** What a request has left, and what it answered when it was sent again. */
interface Retried {
  readonly onceLost: readonly number[];
  readonly status: number;
  readonly text: string;
  readonly afterwards: readonly number[];
}

/** What is wrong; undefined when nothing is. */
function wrongRetry(
  again: string | undefined,
  normalStatus: number,
  retried: Retried,
): string | undefined {
  const { onceLost, afterwards, status, text } = retried;
  if (onceLost.some((times) => times !== 1)) {
    return `happened ${onceLost.join(', ')} times when its reply was lost`;
  }
  const isRefused = status >= 400 && status < 500;
  if (again === 'refused' ? !isRefused : status >= 400 && status !== normalStatus) {
    return `sent again: ${status}, expected: ${again ?? normalStatus}: ${text.slice(0, 200)}`;
  }
  if ((again === 'the same' || again === 'refused') && afterwards.some((times) => times !== 1)) {
    return `happened ${afterwards.join(', ')} times when it was sent again`;
  }
  return undefined;
}

/** The client's connection breaks when the reply to its request comes. */
export const lostReplies = {
  name: 'reply lost after commit, then sent again',
  /**
   * Every request, both ways, whose reply is lost: it has happened once, and the same request again
   * does what docs/retries.md says; a request that the page lacks has the reply of the first time,
   * or of a duplicate. Sockets are tried normally.
   */
  async run(rows: readonly TableRow[], findings: Findings): Promise<void> {
    await using parts = new AsyncDisposableStack();
    const stack = parts.use(await startStack());
    const { databaseUrl: url } = stack;
    const sql: Sql = parts.adopt(openTestDatabase(url), (one) => one.close());
    const ways = new Map<ServiceName, string>();
    for (const service of serviceNames) {
      ways.set(service, parts.use(await loseReplies(stack.urls[service])).url);
    }
    const world = createWorld(stack);
    for (const one of bothWays(rows)) {
      const { to, method, sample, served, passed } = one;
      const row = served ?? passed;
      if (row === undefined) throw new Error(`a ${method} request meets no row`);
      await findings.attempt(rowName(row), async () => {
        if (passed !== undefined) findings.saw(rowName(passed));
        const request = await sample.prepare(world);
        const effects = effectsOf(method, request);
        if (effects === undefined) throw new Error(saysNothing);
        const lost = await sendSample(ways.get(to) ?? '', method, request).catch(() => undefined);
        if (lost !== undefined) throw new Error(`its reply was not lost: ${lost.status}`);
        const onceLost = await timesHappened(sql, effects);
        const { status, text } = await sendSample(stack.urls[to], method, request);
        const afterwards = await timesHappened(sql, effects);
        const retried = { onceLost, status, text, afterwards };
        const wrong = wrongRetry(sentAgain(one), sample.status, retried);
        if (wrong !== undefined) throw new Error(`${to}: ${wrong}`);
      });
    }
    const watch = parts.use(new RedisWatch(stack.redis.port, () => performance.now(), []));
    const scene = await setSocketScene(world);
    await trySockets({ stack, scene, rows, expected: 'normal', findings, sql, watch });
  },
} as const;
