import { DemoRedis } from '@secureconnect/contracts';

/** Stops and starts the Redis that `npm start` runs. */
export interface RedisSwitch {
  /** @throws SwitchError */
  read(): Promise<DemoRedis>;
  /** Resolves when Redis has stopped, or answers. @throws SwitchError */
  set(wanted: DemoRedis): Promise<DemoRedis>;
}

/** `npm start` did not do what it was asked for. */
export class SwitchError extends Error {
  override readonly name = 'SwitchError';
}

/** Redis may take 20 s to load its data. */
const answerMs = 25_000;

/** @param url where `npm start` listens, with its secret as the path */
export function createRedisSwitch(url: string): RedisSwitch {
  return {
    read: () => ask(url, { method: 'GET' }),
    set: (wanted) => ask(url, { method: 'PUT', body: JSON.stringify(wanted) }),
  };
}

async function ask(url: string, request: RequestInit): Promise<DemoRedis> {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(answerMs) });
    if (!response.ok) throw new SwitchError(`npm start answered ${response.status}`);
    return DemoRedis.parse(await response.json());
  } catch (cause) {
    if (cause instanceof SwitchError) throw cause;
    throw new SwitchError('npm start did not answer', { cause });
  }
}
