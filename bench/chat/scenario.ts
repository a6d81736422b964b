import { setTimeout as after } from 'node:timers/promises';
import { epochMs } from '../support/child.ts';
import { ownRedis } from '../support/servers.ts';
import type { LoadFigures } from './load-process.ts';
import { roomSizes, type State, type Task } from './measurement.ts';
import { makeGroup } from './people.ts';
import type { RoomPlan } from './room.ts';
import { RunningLoad, startInstance } from './running.ts';
import { isOurs, type SubjectName } from './subject-names.ts';
import type { Settings } from './subjects/subject.ts';

/** What one run of one subject has shown. */
export interface ChatRun extends LoadFigures {
  /** From the kill until Node would have ended a process for what it did not handle; NaN: never. */
  readonly wouldHaveEndedAfterMs: number;
}

/** Between the kill and the first measurement without Redis. */
const settlingMs = 1000;
const warmUps: readonly Task[] = [
  { state: 'warm-up', sockets: 100, loop: 'closed' },
  { state: 'warm-up', sockets: 500, loop: 'closed' },
];

/** Two new instances on a new Redis: measures each room normally, kills Redis, measures again. */
export async function runChat(
  name: SubjectName,
  backends: Omit<Settings, 'redisUrl'>,
): Promise<ChatRun> {
  await using parts = new AsyncDisposableStack();
  const redis = await ownRedis(parts);
  const settings = { ...backends, redisUrl: redis.url };
  const first = parts.use(await startInstance(name, settings));
  const second = parts.use(await startInstance(name, settings));
  const load = parts.use(new RunningLoad());
  const plans = await planRooms(name, settings, [first.port, second.port]);
  await load.ask({ kind: 'open', name, plans });
  for (const task of warmUps) await load.ask({ kind: 'measure', task });
  await measureAll(load, 'normal');
  const killedMs = epochMs();
  await redis.kill();
  await after(settlingMs);
  await measureAll(load, 'Redis killed');
  const figures = await load.ask({ kind: 'finish' });
  if (figures === undefined) throw new Error('the load generator gave no figures');
  const ends = [first, second].flatMap(({ wouldHaveEndedAtMs }) => wouldHaveEndedAtMs ?? []);
  const wouldHaveEndedAfterMs = ends.length === 0 ? Number.NaN : Math.min(...ends) - killedMs;
  return { ...figures, wouldHaveEndedAfterMs };
}

/** Latency first: what the other loop leaves to be read again later would be measured with it. */
async function measureAll(load: RunningLoad, state: State): Promise<void> {
  for (const loop of ['open', 'closed'] as const) {
    for (const sockets of roomSizes) {
      await load.ask({ kind: 'measure', task: { state, sockets, loop } });
    }
  }
}

/** A conversation for each size; its people have a socket on each instance. */
async function planRooms(
  name: SubjectName,
  settings: Settings,
  ports: RoomPlan['ports'],
): Promise<RoomPlan[]> {
  const plans: RoomPlan[] = [];
  for (const sockets of roomSizes) {
    if (!isOurs(name)) {
      plans.push({ room: `room-${sockets}`, sockets, ports, tokens: [] });
    } else {
      const url = `http://127.0.0.1:${ports[0]}`;
      const group = await makeGroup(settings, url, sockets / 2);
      // Neighbours are on different instances.
      const tokens = group.tokens.flatMap((token) => [token, token]);
      plans.push({ room: group.conversationId, sockets, ports, tokens });
    }
  }
  return plans;
}
