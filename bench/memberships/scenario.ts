import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { openDatabase } from '../../packages/postgres/src/index.ts';
import { createTokenSigner } from '../../packages/tokens/src/index.ts';
import { median } from '../support/statistics.ts';
import { type Busy, makeBusy } from './people.ts';
import { type Watched, WatchedChat } from './watched-chat.ts';

/** What is measured, in the order in which it happens. */
export const steps = [
  'first socket opens',
  'another socket opens',
  'they join a new group',
  'they are removed from a group',
  'all sockets but one close',
  'the last one closes',
] as const;
export type Step = (typeof steps)[number];

export type Figures = ReadonlyMap<Step, Watched>;

export interface Size {
  readonly groups: number;
  readonly sockets: number;
}

export interface Backends {
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

/** So often is a group made, and left. */
const changes = 10;
/** What follows from a socket's end is nowhere to be seen from outside: it is given so long. */
const settlingMs = 2000;
const tokenSeconds = 3600;

/** A user in many groups with many sockets on one instance, from the first socket to the last. */
export async function measure(backends: Backends, size: Size): Promise<Figures> {
  await using parts = new AsyncDisposableStack();
  const database = openDatabase({
    url: backends.databaseUrl,
    maxConnections: 1,
    statementTimeoutMs: 30_000,
  });
  parts.defer(() => database.close());
  const jwtSecret = randomBytes(32).toString('base64');
  const chat = parts.use(new WatchedChat({ ...backends, jwtSecret }));
  await chat.started();
  const busy = await makeBusy(database, size.groups);
  const sign = createTokenSigner({ secret: jwtSecret });
  const tokenOf = (userId: string): string =>
    sign({ userId, sessionId: randomUUID(), role: 'user', lifetimeSeconds: tokenSeconds }).token;

  const figures = new Map<Step, Watched>();
  const sockets: WebSocket[] = [];
  const open = async (): Promise<void> => {
    sockets.push(await openSocket(chat.port, tokenOf(busy.userId)));
  };
  figures.set('first socket opens', await chat.during(open));
  figures.set('another socket opens', await repeated(chat, size.sockets - 1, open));
  const groups = new Groups(chat.port, tokenOf(busy.ownerId), busy);
  figures.set('they join a new group', await repeated(chat, changes, () => groups.make()));
  figures.set('they are removed from a group', await repeated(chat, changes, () => groups.leave()));
  const [last, ...others] = sockets;
  figures.set('all sockets but one close', await chat.during(() => closeAll(others)));
  if (last !== undefined)
    figures.set('the last one closes', await chat.during(() => closeAll([last])));
  return figures;
}

async function repeated(
  chat: WatchedChat,
  times: number,
  work: () => Promise<void>,
): Promise<Watched> {
  const all: Watched[] = [];
  for (let time = 0; time < times; time += 1) all.push(await chat.during(work));
  return {
    tookMs: median(all.map(({ tookMs }) => tookMs)),
    stalledMs: Math.max(...all.map(({ stalledMs }) => stalledMs)),
  };
}

async function openSocket(port: number, token: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/ws/chat`, {
    perMessageDeflate: false,
    headers: { authorization: `Bearer ${token}` },
  });
  await once(socket, 'open');
  return socket;
}

async function closeAll(sockets: readonly WebSocket[]): Promise<void> {
  await Promise.all(
    sockets.map(async (socket) => {
      socket.close();
      await once(socket, 'close');
    }),
  );
  await after(settlingMs);
}

/** Makes groups over chat's own routes, and takes the busy user out of them. */
class Groups {
  readonly #url: string;
  readonly #token: string;
  readonly #busy: Busy;
  readonly #made: string[] = [];

  constructor(port: number, token: string, busy: Busy) {
    this.#url = `http://127.0.0.1:${port}/v1/conversations`;
    this.#token = token;
    this.#busy = busy;
  }

  async make(): Promise<void> {
    const body = { type: 'group', title: 'bench', participant_ids: [this.#busy.userId] };
    const made = await this.#send('POST', this.#url, body);
    this.#made.push(String(JSON.parse(made).data.conversation_id));
  }

  async leave(): Promise<void> {
    const conversationId = this.#made.pop() ?? '';
    await this.#send('DELETE', `${this.#url}/${conversationId}/participants/${this.#busy.userId}`);
  }

  async #send(method: string, url: string, body?: object): Promise<string> {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const reply = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${reply}`);
    return reply;
  }
}
