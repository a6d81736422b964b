import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Redis that can be stopped and started again. */
export interface SwitchedRedis {
  isRunning(): boolean;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface RedisSwitchServer extends AsyncDisposable {
  /** Where it listens, with a secret in the path: for the gateway alone. */
  readonly url: string;
}

const maxBodyBytes = 100;
const maxConnections = 8;

/** As the gateway writes them. */
const orders = new Map([
  ['{"is_running":true}', true],
  ['{"is_running":false}', false],
]);

/**
 * Serves the demo's switch of Redis on loopback: GET tells `{"is_running":…}`; PUT with the same
 * takes it as an order and replies when it is done. Orders are carried out one after the other.
 * @param say tells the person at the terminal what was done
 */
export async function serveRedisSwitch(
  redis: SwitchedRedis,
  say: (line: string) => void,
): Promise<RedisSwitchServer> {
  const path = `/${randomBytes(32).toString('base64url')}`;
  let last: Promise<unknown> = Promise.resolve();
  const carryOut = async (wanted: boolean): Promise<void> => {
    if (wanted === redis.isRunning()) return;
    await (wanted ? redis.start() : redis.stop());
    say(`Redis was ${wanted ? 'started' : 'stopped'} from the demo page`);
  };
  const inTurn = (wanted: boolean): Promise<void> => {
    const next = last.then(() => carryOut(wanted));
    last = next.catch(() => undefined); // Its sender is told; the next one starts anew.
    return next;
  };
  const server = createServer((request, response) => {
    answer(request, response, { path, redis, inTurn }).catch((error: unknown) => {
      say(`Redis was not switched: ${error instanceof Error ? error.message : String(error)}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.maxConnections = maxConnections;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await last;
    },
  };
}

interface Switch {
  readonly path: string;
  readonly redis: SwitchedRedis;
  readonly inTurn: (wanted: boolean) => Promise<void>;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { path, redis, inTurn }: Switch,
): Promise<void> {
  if (!isSame(request.url ?? '', path)) {
    response.writeHead(404).end();
    return;
  }
  if (request.method === 'PUT') {
    const wanted = await wantedState(request);
    if (wanted === undefined) {
      response.writeHead(400).end();
      return;
    }
    await inTurn(wanted);
  }
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ is_running: redis.isRunning() }));
}

/** Undefined where the body is no order. */
async function wantedState(request: IncomingMessage): Promise<boolean | undefined> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > maxBodyBytes) return undefined;
  }
  return orders.get(text);
}

/** Compares in a time that does not tell how much is alike. */
function isSame(given: string, expected: string): boolean {
  const [one, two] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && two !== undefined && timingSafeEqual(one, two);
}
