import type { Database } from '@secureconnect/postgres';
import { isLive, lose } from '../calls/call.ts';
import { changeIn, findCall } from '../stores/calls.ts';
import { noteHeard } from '../stores/live-calls.ts';
import { noteCompared, noteWhoIsThere } from '../stores/sfu-rooms.ts';
import type { Sfu } from './sfu.ts';
import { joinedIdentities } from './sfu-access.ts';

export interface AlignDeps {
  readonly database: Database;
  readonly sfu: Sfu;
}

/**
 * Compares the room of a call with the call, and makes them agree: removes users who are not in the
 * call, deletes the room of a call that is over, and takes users out of the call who have not been
 * in the room for a minute. Idempotent; any number may run at once.
 * @param isOurs whether the room is known to be that of a call, which may be erased meanwhile
 * @throws SfuFailure if the LiveKit server does not answer
 */
export async function alignRoom(
  { database, sfu }: AlignDeps,
  callId: string,
  isOurs = false,
): Promise<void> {
  // The room first: somebody who joins both in between would seem not to belong there.
  const there = await sfu.rooms.identitiesIn(callId);
  const call = await findCall(database, callId);
  if (call === undefined ? !isOurs : call.topology !== 'sfu') return;
  if (call === undefined || !isLive(call)) {
    await sfu.rooms.close(callId);
    return noteCompared(database, callId);
  }
  const joined = joinedIdentities(sfu.config, call);
  for (const identity of there) {
    if (!joined.has(identity)) await sfu.rooms.remove(callId, identity);
  }
  const presentIds = [...joined].flatMap(([identity, id]) => (there.has(identity) ? [id] : []));
  if (presentIds.length > 0) await noteHeard(database, [callId]);
  if (call.status === 'active') await takeOutAbsent(database, callId, presentIds);
  await noteCompared(database, callId);
}

async function takeOutAbsent(
  database: Database,
  callId: string,
  presentIds: readonly string[],
): Promise<void> {
  await database.transaction(async (sql) => {
    for (const userId of await noteWhoIsThere(sql, callId, presentIds)) {
      await changeIn(sql, callId, lose(userId));
    }
  });
}
