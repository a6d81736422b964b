import type { Database } from '@secureconnect/postgres';
import {
  type DeviceCall,
  forgetRinging,
  mustStopRinging,
  noteRinging,
} from '../stores/rung-devices.ts';
import type { PushData } from './push-data.ts';

/** A device that is away hears of the end of a call until the ringing would have ended. */
const endTtlSeconds = 30;

/** How long a push service keeps a push; undefined if there is nothing to tell the device any more. */
export async function ttlSecondsOf(
  database: Database,
  { type }: PushData,
  device: DeviceCall,
): Promise<number | undefined> {
  if (type !== 'call_ringing') {
    return (await mustStopRinging(database, device)) ? endTtlSeconds : undefined;
  }
  const seconds = await noteRinging(database, device);
  // Whole seconds; 0 would reach only devices that are awake.
  return seconds === undefined ? undefined : Math.max(1, Math.floor(seconds));
}

/** Notes that a push was sent. */
export async function notePushed(
  database: Database,
  { type }: PushData,
  device: DeviceCall,
): Promise<void> {
  if (type !== 'call_ringing') await forgetRinging(database, device);
}
