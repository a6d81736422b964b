import type { Database } from '@secureconnect/postgres';
import { takeOut } from './calls/call.ts';
import { changeIn } from './stores/calls.ts';
import { erasePushOf } from './stores/push-tokens.ts';
import { callsOfUser, eraseFromCall } from './stores/user-data.ts';

const batchSize = 100;

/**
 * Erases the calls of a user whose account is deleted: they leave a live call, and their name goes
 * from the ended ones; calls without anybody go too, and so do their push tokens.
 */
export async function eraseUser(database: Database, userId: string): Promise<void> {
  for (;;) {
    const callIds = await callsOfUser(database, userId, batchSize);
    for (const callId of callIds) {
      await database.transaction(async (sql) => {
        await changeIn(sql, callId, takeOut(userId));
        await eraseFromCall(sql, callId, userId);
      });
    }
    if (callIds.length < batchSize) break;
  }
  await database.transaction((sql) => erasePushOf(sql, userId));
}
