/** express-rate-limit, with a declared fallback for its store. */
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { BoundedMap } from './bounded-map.ts';
import { type AnyRedis, callRedis } from './redis-call.ts';
import { RequestPort } from './request-port.ts';

/** The hits of a client in the current window. */
export interface Hits {
  readonly totalHits: number;
  readonly resetTime: Date;
}

/** Counts the hits of clients; what a limiter asks of its store. */
export interface HitCounter {
  increment(key: string, windowMs: number): Promise<Hits>;
  decrement(key: string): Promise<void>;
  resetKey(key: string): Promise<void>;
}

export interface HitCounterOptions {
  /** The prefix of the keys in Redis. Default `rate-limit:`. */
  readonly prefix?: string;
  /**
   * The number of processes. While Redis is down each counts alone, so a hit counts this many times:
   * together they grant no more than the limit. Default 1.
   */
  readonly instances?: number;
  /** How many clients a process remembers. Default 10,000. */
  readonly maxKeys?: number;
}

interface Counted {
  totalHits: number;
  resetAt: number;
  /** Hits that Redis does not know of. */
  pending: number;
}

/** KEYS: the client's. ARGV: hits, window in milliseconds. Returns the hits and what is left of it. */
const incrementScript = `
local hits = redis.call('INCRBY', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  left = tonumber(ARGV[2])
end
return { hits, left }`;

/** KEYS: the client's. A window that has ended leaves nothing to take a hit from. */
const decrementScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('DECR', KEYS[1])
end`;

/**
 * A port that counts hits in Redis, or in the process. The process continues from the count that it
 * saw last, and Redis is told of its hits with the client's next one.
 */
export function hitCounterPort(redis: AnyRedis, options: HitCounterOptions = {}) {
  const { prefix = 'rate-limit:', instances = 1, maxKeys = 10_000 } = options;
  const known = new BoundedMap<Counted>(maxKeys);
  return {
    redis: onRedis(redis, prefix, known),
    local: inProcess(known, instances),
  };
}

function onRedis(redis: AnyRedis, prefix: string, known: BoundedMap<Counted>): HitCounter {
  return {
    async increment(key, windowMs) {
      const pending = takePending(known, key);
      try {
        const words = ['1', prefix + key, String(1 + pending), String(windowMs)];
        const reply = await callRedis(redis, 'EVAL', incrementScript, ...words);
        const [totalHits, leftMs] = Array.isArray(reply) ? reply.map(Number) : [];
        if (totalHits === undefined || leftMs === undefined) throw new Error('not a count of hits');
        const resetAt = Date.now() + leftMs;
        const since = current(known, key)?.pending ?? 0;
        known.set(key, { totalHits: totalHits + since, resetAt, pending: since });
        return { totalHits, resetTime: new Date(resetAt) };
      } catch (error) {
        const counted = current(known, key);
        if (counted) known.set(key, { ...counted, pending: counted.pending + pending });
        throw error;
      }
    },
    async decrement(key) {
      await callRedis(redis, 'EVAL', decrementScript, '1', prefix + key);
    },
    async resetKey(key) {
      known.delete(key);
      await callRedis(redis, 'DEL', prefix + key);
    },
  };
}

/** The hits that Redis does not know of. Calls at the same time find none: one call tells of them. */
function takePending(known: BoundedMap<Counted>, key: string): number {
  const counted = current(known, key);
  if (counted === undefined) return 0;
  known.set(key, { ...counted, pending: 0 });
  return counted.pending;
}

function inProcess(known: BoundedMap<Counted>, instances: number): HitCounter {
  return {
    async increment(key, windowMs) {
      const before = current(known, key) ?? {
        ...{ totalHits: 0, pending: 0 },
        resetAt: Date.now() + windowMs,
      };
      const totalHits = before.totalHits + instances;
      known.set(key, { ...before, totalHits, pending: before.pending + 1 });
      return { totalHits, resetTime: new Date(before.resetAt) };
    },
    async decrement(key) {
      const before = current(known, key);
      if (before === undefined) return;
      const totalHits = Math.max(0, before.totalHits - instances);
      known.set(key, { ...before, totalHits, pending: before.pending - 1 });
    },
    async resetKey(key) {
      known.delete(key);
    },
  };
}

/** What is known of a client in the window that has not yet ended. */
function current(known: BoundedMap<Counted>, key: string): Counted | undefined {
  const counted = known.get(key);
  return counted !== undefined && counted.resetAt > Date.now() ? counted : undefined;
}

/** The store that a limiter of express-rate-limit (7 and later) is given. */
export interface HitStore {
  init(options: { readonly windowMs: number }): void;
  increment(key: string): Promise<Hits>;
  decrement(key: string): Promise<void>;
  resetKey(key: string): Promise<void>;
}

/** A request whose row names the port of a limiter. */
type LimitedRequest<Name extends string> = Request & {
  readonly ports: { readonly [Key in Name]: HitCounter };
};

/**
 * A limiter whose store is a port of its row: `app.use(route.declared(row, rateLimited((store) =>
 * rateLimit({ limit: 100, store }))))`. The port's name is `limits`, unless you say a different one.
 */
export function rateLimited<Name extends string = 'limits'>(
  createLimiter: (store: HitStore) => RequestHandler,
  name?: Name,
): (request: LimitedRequest<Name>, response: Response, next: NextFunction) => unknown {
  const port = (name ?? 'limits') as Name;
  const underWay = new RequestPort<HitCounter>(port);
  let windowMs = 60_000;
  const limiter = createLimiter({
    init: (options) => {
      windowMs = options.windowMs;
    },
    increment: (key) => underWay.current.increment(key, windowMs),
    decrement: (key) => underWay.current.decrement(key),
    resetKey: (key) => underWay.current.resetKey(key),
  });
  return (request, response, next) =>
    underWay.run(request.ports[port], () => limiter(request, response, next));
}
