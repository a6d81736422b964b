import { Client, type ClientOptions, type Locks, type Store } from '@secureconnect/client';
import { FileStore } from '@secureconnect/client/node';
import type { CommandContext, GlobalOptions } from '../command.ts';
import { notSignedIn, RouteError } from '../errors.ts';
import { FileLocks } from './file-locks.ts';
import { type Place, placeOf } from './place.ts';
import { platformWebSocket } from './web-socket.ts';

/** A user's connection to a server, of one command. */
export interface Connection {
  readonly client: Client;
  readonly place: Place;
  readonly locks: FileLocks;
  /** As that of the client; an error names the route. */
  readonly request: Client['request'];
}

export interface ConnectOptions {
  /** What is kept, seen through another store. Default: all of it as it is. */
  readonly view?: (kept: Store) => Store;
  /** The locks that the client uses. Default: those over the processes. */
  readonly locksOf?: (locks: Locks) => Locks;
}

/** Connects with what is kept; nobody needs to be signed in. */
export async function connect(
  { terminal }: CommandContext,
  { url }: GlobalOptions,
  { view = same, locksOf = same }: ConnectOptions = {},
): Promise<Connection> {
  const place = await placeOf(terminal.environment, url);
  const locks = new FileLocks(place.folder);
  const options: ClientOptions = {
    baseUrl: place.url,
    store: view(new FileStore(place.folder)),
    locks: locksOf(locks),
    WebSocket: await platformWebSocket(),
    onDegraded: onceEach((line) => terminal.note(line)),
  };
  const client = new Client(options);
  const request: Client['request'] = (route, ...parts) =>
    naming(route, client.request(route, ...parts));
  return { client, place, locks, request };
}

/** Connects as the signed-in user. @throws CommandError where nobody is signed in */
export async function connectSignedIn(
  context: CommandContext,
  options: GlobalOptions,
  more: ConnectOptions = {},
): Promise<Connection & { readonly userId: string }> {
  const connection = await connect(context, options, more);
  const userId = await connection.client.userId();
  if (userId === undefined) throw notSignedIn();
  return { ...connection, userId };
}

/** Waits for the reply of a route, which its error names. @throws RouteError */
export async function naming<Reply>(route: string, reply: Promise<Reply>): Promise<Reply> {
  try {
    return await reply;
  } catch (error) {
    throw new RouteError(route, error);
  }
}

function same<Value>(value: Value): Value {
  return value;
}

/** A command that follows something would say the same again and again. */
function onceEach(say: (line: string) => void): NonNullable<ClientOptions['onDegraded']> {
  const said = new Set<string>();
  return (ports, route) => {
    const line = `degraded: ${route} went on with a fallback for ${ports.join(', ')}`;
    if (said.has(line)) return;
    said.add(line);
    say(line);
  };
}
