import { type RedisCommands, sharedScripts } from '@secureconnect/redis';
import { deduplicationScript, reservationScript } from './deduplication.ts';
import { stormScript } from './storms.ts';

/** The scripts of the ingest, which share commands: a crowd of signals costs few. */
export function signalScripts(redis: RedisCommands) {
  return sharedScripts(redis, {
    reserve: reservationScript,
    deduplicate: deduplicationScript,
    noteInStorm: stormScript,
  });
}
