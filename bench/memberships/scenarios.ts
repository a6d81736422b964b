import type { WebSocket } from 'ws';
import { median } from '../support/statistics.ts';
import { makePeople } from './people.ts';
import { type Backends, Scene } from './scene.ts';
import type { Watched } from './watched-chat.ts';

/** What was measured, by what was done, in that order. */
export type Figures = ReadonlyMap<string, Watched>;

/** So often is a group made, and left. */
const changes = 10;

/** A user with many sockets in many groups, from their first socket to their last. */
export async function busyUser(
  backends: Backends,
  { groups, sockets: count }: { readonly groups: number; readonly sockets: number },
): Promise<{ figures: Figures; bytesPerConversation: number }> {
  await using scene = await Scene.start(backends);
  const { chat } = scene;
  const { userIds } = await makePeople(scene.database, { people: 2, groups });
  const [owner = '', user = ''] = userIds;
  const figures = new Map<string, Watched>();
  const sockets: WebSocket[] = [];
  const open = async (): Promise<void> => void sockets.push(await scene.open(user));
  const before = await chat.during(async () => undefined);
  const first = await chat.during(open);
  figures.set('first socket opens', first);
  figures.set('further socket opens', await repeated(scene, count - 1, open));
  const made: string[] = [];
  const join = async (): Promise<void> => void made.push(await scene.makeGroup(owner, [user]));
  figures.set('user joins a new group', await repeated(scene, changes, join));
  const leave = (): Promise<void> => scene.remove(owner, made.pop() ?? '', user);
  figures.set('user is removed from a group', await repeated(scene, changes, leave));
  const [last, ...others] = sockets;
  figures.set('all sockets except one close', await chat.during(() => scene.close(others)));
  if (last) figures.set('last socket closes', await chat.during(() => scene.close([last])));
  return { figures, bytesPerConversation: (first.heapBytes - before.heapBytes) / groups };
}

/** People who are all in the same groups, each with one socket. */
export async function crowd(
  backends: Backends,
  size: { readonly people: number; readonly groups: number },
): Promise<Figures> {
  await using scene = await Scene.start(backends);
  const { chat } = scene;
  const { userIds } = await makePeople(scene.database, size);
  const [owner = '', ...members] = userIds;
  const figures = new Map<string, Watched>();
  const sockets: WebSocket[] = [];
  const openAll = async (): Promise<void> => {
    for (const userId of userIds) sockets.push(await scene.open(userId));
  };
  figures.set('everyone opens a socket', await chat.during(openAll));
  const make = async (): Promise<void> => void (await scene.makeGroup(owner, members));
  figures.set('a group of everyone is created', await repeated(scene, changes, make));
  figures.set('all sockets close', await chat.during(() => scene.close(sockets)));
  return figures;
}

/** The median of how long it took, and the longest that anything else had to wait. */
async function repeated(scene: Scene, times: number, work: () => Promise<void>): Promise<Watched> {
  const all: Watched[] = [];
  for (let time = 0; time < times; time += 1) all.push(await scene.chat.during(work));
  return {
    tookMs: median(all.map(({ tookMs }) => tookMs)),
    stalledMs: Math.max(...all.map(({ stalledMs }) => stalledMs)),
    heapBytes: all.at(-1)?.heapBytes ?? Number.NaN,
  };
}
