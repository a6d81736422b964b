import type { Database } from '@secureconnect/postgres';
import { findCall } from '../stores/calls.ts';
import { type CallRecord, stateOf } from './call.ts';
import { noSuchCall } from './reach.ts';

/** A call that a user started or was called to. Throws NOT_FOUND for everybody else. */
export async function participantsCall(
  database: Database,
  callId: string,
  userId: string,
): Promise<CallRecord> {
  const call = await findCall(database, callId);
  if (call === undefined || stateOf(call, userId) === undefined) throw noSuchCall();
  return call;
}
