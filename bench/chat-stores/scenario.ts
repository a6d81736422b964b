import { join } from 'node:path';
import { makeGroup } from '../chat/people.ts';
import type { RoomPlan } from '../chat/room.ts';
import type { Settings } from '../chat/subjects/subject.ts';
import { Child } from '../support/child.ts';
import { ownRedis } from '../support/servers.ts';
import { TemporaryFolder } from '../support/temporary-folder.ts';
import { treeCpuMs } from '../trees/process-cpu.ts';
import type { StoringBackends } from './backends.ts';
import type { LoadMessage, LoadReply } from './load-process.ts';
import { type Loop, type Measurement, type RoomSize, roomSizes } from './measurement.ts';
import { startServer } from './servers.ts';
import { storedRows } from './stored-rows.ts';
import type { SubjectName } from './subject-names.ts';

const warmUpMs = 2000;
const measuredMs = 4000;
const stepTimeoutMs = 60_000;

/**
 * A new server: both rooms are opened, warmed up and measured.
 * @throws Error if it acknowledged messages that it did not store
 */
export async function runStoring(
  name: SubjectName,
  backends: StoringBackends,
): Promise<Measurement[]> {
  await using parts = new AsyncDisposableStack();
  const redis = await ownRedis(parts);
  const settings: Settings = { ...backends.settings, redisUrl: redis.url };
  const folder = parts.use(new TemporaryFolder());
  const server = parts.use(await startServer(name, settings, folder.path));
  const load = parts.use(
    new Child({ file: join(import.meta.dirname, 'load-process.ts'), values: [] }),
  );
  const ask = async (message: LoadMessage): Promise<Loop | undefined> => {
    const reply = (await load.ask(message, stepTimeoutMs)) as LoadReply;
    if (reply.kind === 'failed') throw new Error(`the load generator: ${reply.reason}`);
    return reply.loop;
  };
  const { databaseUrl } = settings;
  const speak = async (sockets: RoomSize, durationMs: number): Promise<Loop> => {
    const loop = await ask({ kind: 'speak', sockets, durationMs });
    if (loop === undefined) throw new Error('the load generator gave no figures');
    return loop;
  };
  await ask({ kind: 'open', name, plans: await planRooms(name, settings, server.port) });
  const measured: Measurement[] = [];
  for (const members of roomSizes) {
    await speak(members, warmUpMs);
    await backends.checkpoint();
    const storedBefore = await storedRows(name, databaseUrl);
    const cpuMs = () => [treeCpuMs(server.pid), treeCpuMs(backends.databasePid)] as const;
    const [serverBefore, databaseBefore] = cpuMs();
    const loop = await speak(members, measuredMs);
    const [serverAfter, databaseAfter] = cpuMs();
    const rows = (await storedRows(name, databaseUrl)) - storedBefore;
    if (rows !== loop.stored) {
      throw new Error(`${name} acknowledged ${loop.stored} messages and stored ${rows}`);
    }
    measured.push({
      ...loop,
      members,
      serverCpuMs: serverAfter - serverBefore,
      databaseCpuMs: databaseAfter - databaseBefore,
    });
  }
  return measured;
}

async function planRooms(name: SubjectName, settings: Settings, port: number): Promise<RoomPlan[]> {
  const ports = [port, port] as const;
  const plans: RoomPlan[] = [];
  for (const sockets of roomSizes) {
    if (name === 'secureconnect') {
      const group = await makeGroup(settings, `http://127.0.0.1:${port}`, sockets);
      plans.push({ room: group.conversationId, sockets, ports, tokens: group.tokens });
    } else {
      const names = Array.from({ length: sockets }, (_, index) => `member-${index}`);
      plans.push({ room: `room-${sockets}`, sockets, ports, tokens: names });
    }
  }
  return plans;
}
