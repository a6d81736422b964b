import type { Sql } from '@secureconnect/postgres';
import { type ExportList, type SqlList, sqlList } from '@secureconnect/tokens';

/** The columns of a file that a person sees; the name of its object is storage's own. */
const lists: readonly SqlList[] = [
  {
    name: 'files',
    columns: `file_id, conversation_id, file_name, file_size::float8 AS file_size, content_type,
      is_encrypted, status, sha256, announced_sha256, created_at, deleted_at`,
    from: 'storage.files WHERE owner_id = $1',
    key: { created_at: 'timestamptz', file_id: 'uuid' },
  },
  {
    name: 'shares',
    columns: 'share.file_id, share.conversation_id, shared, changed_at',
    from: `storage.file_shares AS share
      JOIN storage.files AS file ON file.file_id = share.file_id WHERE owner_id = $1`,
    key: { 'share.file_id': 'uuid', 'share.conversation_id': 'uuid' },
  },
  {
    name: 'usage',
    columns: 'used_bytes::float8 AS used_bytes, reserved_bytes::float8 AS reserved_bytes',
    from: 'storage.usage WHERE user_id = $1',
    key: { user_id: 'uuid' },
  },
];

/** What storage has of a person, as storage.json of their export. Bytes of files are apart. */
export function fileLists(sql: Sql, userId: string): readonly ExportList[] {
  return lists.map((list) => sqlList(sql, userId, list));
}
