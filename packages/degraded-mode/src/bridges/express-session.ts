/** express-session, with a declared fallback for its store. */
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type expressSession from 'express-session';
import type { Reconciler } from '../recovery.ts';
import { RequestPort } from './request-port.ts';
import { SessionChanges } from './session-changes.ts';

/** The session that express-session stores. */
type Stored = expressSession.SessionData;

/** A store of express-session, such as the one of connect-redis. */
export type SessionStore = Pick<expressSession.Store, 'get' | 'set' | 'destroy' | 'touch'>;

/** The sessions of users. */
export interface Sessions {
  get(id: string): Promise<Stored | undefined>;
  set(id: string, session: Stored): Promise<void>;
  destroy(id: string): Promise<void>;
  /** Prolongs an unchanged session. */
  touch(id: string, session: Stored): Promise<void>;
}

export interface SessionPortOptions {
  /**
   * How many sessions a process keeps while Redis is down, and how many may change or end without it;
   * more are refused with an error. Default 10,000.
   */
  readonly maxSessions?: number;
}

/** The port, and the reconciler that brings to Redis what happened without it. */
export interface SessionPort<Fallbacks> {
  readonly port: { readonly redis: Sessions } & Fallbacks;
  readonly reconciler: Reconciler;
}

/**
 * A port of sessions in Redis, for `failClosed` and for `failOpen.local()`, under which users start anew;
 * with a second store, such as one in SQL, which has every session too, for `failOpen.durable()`. Give
 * the reconciler to `monitor.addReconciler`: it tells Redis of the sessions that changed without it.
 */
export function sessionPort(
  store: SessionStore,
  options?: SessionPortOptions,
): SessionPort<{ readonly local: Sessions }>;
export function sessionPort(
  store: SessionStore,
  options: SessionPortOptions & { readonly durable: SessionStore },
): SessionPort<{ readonly local: Sessions; readonly durable: Sessions }>;
export function sessionPort(
  store: SessionStore,
  { maxSessions = 10_000, durable }: SessionPortOptions & { durable?: SessionStore } = {},
): SessionPort<{ readonly local: Sessions; readonly durable?: Sessions }> {
  const inRedis = promised(store);
  const inSql = durable === undefined ? undefined : promised(durable);
  const changes = new SessionChanges<Stored>(maxSessions);
  /** Tells Redis what has become of a session without it. */
  const bringUp = async (id: string): Promise<void> => {
    const kept = changes.kept(id);
    if (kept !== undefined) await inRedis.set(id, kept);
    else if (changes.isOutdated(id)) await inRedis.destroy(id);
    if (changes.kept(id) === kept) changes.forget(id);
  };
  // Redis first: if it refuses, nothing has happened.
  const redis: Sessions = {
    async get(id) {
      await bringUp(id);
      return (await inRedis.get(id)) ?? inSql?.get(id);
    },
    async set(id, session) {
      await inRedis.set(id, session);
      changes.forget(id);
      await inSql?.set(id, session);
    },
    async destroy(id) {
      await inRedis.destroy(id);
      changes.forget(id);
      await inSql?.destroy(id);
    },
    async touch(id, session) {
      await inRedis.touch(id, session);
      await inSql?.touch(id, session);
    },
  };
  const reconciler: Reconciler = {
    name: 'sessions',
    async run() {
      for (const id of changes.ids()) await bringUp(id);
    },
  };
  const local = inProcess(changes);
  if (inSql === undefined) return { port: { redis, local }, reconciler };
  return { port: { redis, local, durable: elsewhere(inSql, changes) }, reconciler };
}

function promised(store: SessionStore): Sessions {
  type Callback<T> = (error?: unknown, value?: T | null) => void;
  const settled = <T>(begin: (callback: Callback<T>) => unknown): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const callback: Callback<T> = (error, value) => {
        if (error) reject(error);
        else resolve(value ?? undefined);
      };
      // Some stores return a promise beside calling back.
      Promise.resolve(begin(callback)).catch(reject);
    });
  return {
    get: (id) => settled<Stored>((callback) => store.get(id, callback)),
    async set(id, session) {
      await settled<void>((callback) => store.set(id, session, callback));
    },
    async destroy(id) {
      await settled<void>((callback) => store.destroy(id, callback));
    },
    async touch(id, session) {
      if (store.touch === undefined) return;
      await settled<void>((callback) => store.touch?.(id, session, () => callback()));
    },
  };
}

function inProcess(changes: SessionChanges<Stored>): Sessions {
  return {
    async get(id) {
      const session = changes.kept(id);
      return session === undefined || isOver(session) ? undefined : copyOf(session);
    },
    set: async (id, session) => changes.keep(id, session),
    destroy: async (id) => changes.outdate(id),
    touch: async () => undefined,
  };
}

/** Whether the cookie of a stored session has expired. */
function isOver({ cookie }: Stored): boolean {
  const { expires } = cookie;
  return expires !== null && expires !== undefined && Number(new Date(expires)) <= Date.now();
}

/** As a store returns it; express-session changes what it is given. */
function copyOf(session: Stored): Stored {
  return JSON.parse(JSON.stringify(session));
}

/** A store other than Redis, whose copies of what changes are outdated then. */
function elsewhere(durable: Sessions, changes: SessionChanges<Stored>): Sessions {
  return {
    get: (id) => durable.get(id),
    async set(id, session) {
      changes.outdate(id);
      await durable.set(id, session);
    },
    async destroy(id) {
      changes.outdate(id);
      await durable.destroy(id);
    },
    touch: (id, session) => durable.touch(id, session),
  };
}

type RequestWithSessions<Name extends string> = Request & {
  readonly ports: { readonly [Key in Name]: Sessions };
};

/**
 * The middleware of express-session, whose store is a port of its row:
 * `app.use(route.declared(row, declaredSession(session, { secret, … })))`. A changed session is saved
 * before the reply begins, so that a reply is sent only if it was. The port's name is `sessions`,
 * unless you say a different one.
 */
export function declaredSession<Name extends string = 'sessions'>(
  session: typeof expressSession,
  options: Omit<expressSession.SessionOptions, 'store'>,
  name?: Name,
): (request: RequestWithSessions<Name>, response: Response, next: NextFunction) => void {
  const port = (name ?? 'sessions') as Name;
  const underWay = new RequestPort<Sessions>(port);
  class Store extends session.Store {
    override readonly get = callbacks(underWay).get;
    override readonly set = callbacks(underWay).set;
    override readonly destroy = callbacks(underWay).destroy;
    override readonly touch = callbacks(underWay).touch;
  }
  // Its types may be of a different version of Express.
  const created: unknown = session({ resave: false, ...options, store: new Store() });
  const middleware = created as RequestHandler;
  return (request, response, next) => {
    underWay.run(request.ports[port], () => {
      middleware(request, response, (error?: unknown) => {
        if (error === undefined) saveBeforeReply(request, response, next);
        next(error);
      });
    });
  };
}

/** What express-session calls of its store. */
function callbacks(underWay: RequestPort<Sessions>) {
  const tell = <T>(
    work: Promise<T | undefined>,
    callback: ((error?: unknown, value?: T) => void) | undefined,
  ) => {
    work.then(
      (value) => (value === undefined ? callback?.() : callback?.(undefined, value)),
      (error: unknown) => callback?.(error),
    );
  };
  return {
    get: (id: string, callback: (error?: unknown, session?: Stored) => void) =>
      tell(underWay.current.get(id), callback),
    // A copy: the session of the request changes further.
    set: (id: string, session: Stored, callback?: (error?: unknown) => void) =>
      tell(underWay.current.set(id, copyOf(session)), callback),
    destroy: (id: string, callback?: (error?: unknown) => void) =>
      tell(underWay.current.destroy(id), callback),
    // The reply has begun. A session that is not prolonged is no failure of the request.
    touch: (id: string, session: Stored, callback?: () => void) => {
      const done = (): void => callback?.();
      underWay.current.touch(id, copyOf(session)).then(done, done);
    },
  };
}

/** express-session itself begins the reply first, when its status can no longer change. */
function saveBeforeReply(
  request: Pick<Request, 'session'>,
  response: Response,
  next: NextFunction,
): void {
  const before = contentOf(request.session);
  const { end } = response;
  response.end = ((...values: Parameters<typeof end>) => {
    response.end = end;
    const { session } = request;
    // The handler may have destroyed it.
    if (response.headersSent || !session || contentOf(session) === before) {
      return end.apply(response, values);
    }
    session.save((error) => {
      if (error) next(error);
      else end.apply(response, values);
    });
    return response;
  }) as typeof end;
}

/** What was stored of a session, without its cookie, whose expiry changes with each request. */
function contentOf(session: object | null | undefined): string {
  return JSON.stringify({ ...session, cookie: undefined });
}
