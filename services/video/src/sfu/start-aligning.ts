import { type EffectHandler, effectHandler } from '@secureconnect/outbox';
import { type Logger, repeatEvery } from '@secureconnect/service';
import { claimRooms } from '../stores/sfu-rooms.ts';
import { type AlignDeps, alignRoom } from './align-room.ts';
import { roomKind } from './room-effect.ts';

const intervalMs = 1000;
const roomsAtATime = 20;
const maxConcurrent = 5;

/** Compares rooms after changes of their calls and events of LiveKit. */
export function roomHandler(deps: AlignDeps): EffectHandler {
  return effectHandler(roomKind, {
    maxConcurrent,
    deliver: ({ payload }) => alignRoom(deps, payload.call_id, payload.is_over),
  });
}

/**
 * Compares each room with its call every ten seconds, by any instance: events of LiveKit may be
 * lost. Returns a function that stops this.
 */
export function startAligningRooms(deps: AlignDeps, log: Logger): () => Promise<void> {
  const run = async (): Promise<void> => {
    for (;;) {
      const callIds = await claimRooms(deps.database, roomsAtATime);
      const outcomes = await Promise.allSettled(
        callIds.map((callId) => alignRoom(deps, callId, true)),
      );
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      if (callIds.length < roomsAtATime) return;
    }
  };
  return repeatEvery({ intervalMs, what: 'comparing rooms of the SFU', log, run });
}
