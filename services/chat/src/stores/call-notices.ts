import { CallNotice } from '@secureconnect/contracts';
import { isRelationMissing, type Sql, type SqlValue } from '@secureconnect/postgres';

/** A notice about a user's call, and whether the call still rings for the user. */
export interface RecentNotice {
  readonly notice: CallNotice;
  readonly rings: boolean;
}

interface NoticeRow {
  notice_id: string;
  call_id: string;
  user_id: string;
  type: string;
  from_user: string;
  conversation_id: string;
  at: Date;
  data: Record<string, unknown>;
}

const columns = 'notice_id, call_id, user_id, type, from_user, conversation_id, at, data';
/** The number of notices per page. */
const pageSize = 500;

/** The notices of the last seconds, oldest first, a page at a time. Reads a view of video. */
export async function* noticesOfLast(
  sql: Sql,
  seconds: number,
): AsyncGenerator<readonly CallNotice[]> {
  let after: readonly SqlValue[] = ['-infinity', '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const rows = await queryVideo<NoticeRow>(
      sql,
      `SELECT ${columns} FROM video.notices
       WHERE at >= now() - $1::float8 * interval '1 second' AND (at, notice_id) > ($2, $3)
       ORDER BY at, notice_id LIMIT ${pageSize}`,
      [seconds, ...after],
    );
    if (rows.length > 0) yield rows.map(toNotice);
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = [last.at, last.notice_id];
  }
}

/** What a user was told in the last seconds. Reads a view of video. */
export async function noticesFor(
  sql: Sql,
  userId: string,
  seconds: number,
): Promise<RecentNotice[]> {
  const rows = await queryVideo<NoticeRow & { rings: boolean }>(
    sql,
    `SELECT ${columns}, rings FROM video.notices
     WHERE user_id = $1 AND at >= now() - $2::float8 * interval '1 second'
     ORDER BY at, notice_id LIMIT ${pageSize}`,
    [userId, seconds],
  );
  return rows.map(({ rings, ...row }) => ({ notice: toNotice(row), rings }));
}

/** Until video has created its view, there are no calls. */
async function queryVideo<Row extends object>(
  sql: Sql,
  text: string,
  values: readonly SqlValue[],
): Promise<Row[]> {
  try {
    return await sql.query<Row>(text, values);
  } catch (error) {
    if (isRelationMissing(error)) return [];
    throw error;
  }
}

function toNotice({ at, ...row }: NoticeRow): CallNotice {
  return CallNotice.parse({ ...row, at: at.toISOString() });
}
