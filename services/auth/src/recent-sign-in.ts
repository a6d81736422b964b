import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { isSessionYoung } from './stores/sessions.ts';

/** A session this young belongs to somebody who has just proved who they are. */
const recentSeconds = 300;

/** Throws FORBIDDEN unless the session began within five minutes. Call it in the acting transaction. */
export async function requireRecentSignIn(sql: Sql, sessionId: string): Promise<void> {
  if (await isSessionYoung(sql, sessionId, recentSeconds)) return;
  throw new ApiError('FORBIDDEN', 'This needs a login within the last 5 minutes; log in again.');
}
