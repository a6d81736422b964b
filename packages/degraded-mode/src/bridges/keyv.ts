/** Keyv and cache-manager, with a declared fallback for their store. */
import type { NextFunction } from 'express';
import { BoundedMap } from './bounded-map.ts';
import { type AnyRedis, callRedis } from './redis-call.ts';
import { RequestPort } from './request-port.ts';

/** What Keyv asks of a store: texts that expire. */
export interface CachedTexts {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string, ttlMs?: number): Promise<boolean>;
  delete(key: string): Promise<boolean>;
}

export interface CachePortOptions {
  /** The prefix of the keys in Redis. Default `cache:`. */
  readonly prefix?: string;
  /** How many entries a process keeps while Redis is down. Default 1,000. */
  readonly maxEntries?: number;
}

interface Entry {
  readonly text: string;
  readonly expiresAt: number;
}

/**
 * A port of a cache in Redis. With `failOpen.skip()` nothing is found and nothing kept while Redis is
 * down; with `failOpen.local()` the process keeps entries of its own, which other processes do not see,
 * until Redis answers again.
 */
export function cachePort(redis: AnyRedis, options: CachePortOptions = {}) {
  const { prefix = 'cache:', maxEntries = 1000 } = options;
  const skip: CachedTexts = {
    get: async () => undefined,
    set: async () => true,
    delete: async () => false,
  };
  const kept = new BoundedMap<Entry>(maxEntries);
  return { redis: onRedis(redis, prefix, kept), local: inProcess(kept), skip };
}

function onRedis(redis: AnyRedis, prefix: string, kept: BoundedMap<Entry>): CachedTexts {
  /** What the process kept is outdated once Redis takes changes: the next outage begins without it. */
  const reply = async (command: string, key: string, ...words: string[]): Promise<unknown> => {
    const answer = await callRedis(redis, command, prefix + key, ...words);
    kept.clear();
    return answer;
  };
  return {
    async get(key) {
      const text = await reply('GET', key);
      return typeof text === 'string' ? text : undefined;
    },
    async set(key, text, ttlMs) {
      const expiry = ttlMs === undefined ? [] : ['PX', String(Math.max(1, Math.ceil(ttlMs)))];
      await reply('SET', key, text, ...expiry);
      return true;
    },
    async delete(key) {
      return Number(await reply('DEL', key)) > 0;
    },
  };
}

function inProcess(entries: BoundedMap<Entry>): CachedTexts {
  return {
    async get(key) {
      const entry = entries.get(key);
      return entry !== undefined && entry.expiresAt > Date.now() ? entry.text : undefined;
    },
    async set(key, text, ttlMs = Number.POSITIVE_INFINITY) {
      entries.set(key, { text, expiresAt: Date.now() + ttlMs });
      return true;
    },
    delete: async (key) => entries.delete(key),
  };
}

/** A store for `new Keyv({ store })`, and the middleware that gives it the port of each request. */
export interface RequestCache<Name extends string> {
  readonly store: CachedTexts & { clear(): Promise<void> };
  /** For `route.declared`: the handlers after it may use the cache. */
  readonly middleware: (
    request: { readonly ports: { readonly [Key in Name]: CachedTexts } },
    response: unknown,
    next: NextFunction,
  ) => void;
}

/** @param name of the port. Default `cache` */
export function requestCache<Name extends string = 'cache'>(name?: Name): RequestCache<Name> {
  const port = (name ?? 'cache') as Name;
  const underWay = new RequestPort<CachedTexts>(port);
  return {
    store: {
      get: (key) => underWay.current.get(key),
      set: (key, text, ttlMs) => underWay.current.set(key, text, ttlMs),
      delete: (key) => underWay.current.delete(key),
      clear: () =>
        Promise.reject(new Error('a cache that processes share is not cleared as a whole')),
    },
    middleware: (request, _response, next) => underWay.run(request.ports[port], () => next()),
  };
}
