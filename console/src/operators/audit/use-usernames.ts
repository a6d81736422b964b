import { useEffect, useState } from 'preact/hooks';
import { useSession } from '../../app/session.tsx';

/**
 * The user names of accounts by their ids, as they become known: the audit log has ids alone. An
 * account that is gone, or whose name cannot be read now, has none.
 */
export function useUsernames(ids: readonly string[]): ReadonlyMap<string, string> {
  const { client } = useSession();
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const missing = [...new Set(ids)].filter((id) => !names.has(id));
  useEffect(() => {
    const abort = new AbortController();
    const readAll = async (): Promise<void> => {
      // One after the other: a page of the log names few accounts, and nobody waits for them.
      for (const id of missing) {
        const query = { search: id, limit: 1 };
        const { signal } = abort;
        const { users } = await client.request('GET /v1/admin/users', { query }, { signal });
        setNames((before) => new Map(before).set(id, users[0]?.username ?? ''));
      }
    };
    // The ids are shown meanwhile.
    readAll().catch((error: unknown) => {
      if (!abort.signal.aborted) reportError(error);
    });
    return () => abort.abort();
  }, [ids.join(' ')]);
  return names;
}
