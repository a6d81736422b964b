import type { StoredEffect } from '@secureconnect/testkit';

/** A signed URL as a path: its signature does not name a host. */
export const withoutHost = (url: string): string => {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
};

/** A file and the quota that it counts against, which is all of what its owner has. */
export const fileWhere = (condition: string, ...values: string[]): StoredEffect => ({
  count: `SELECT count(*) FROM storage.files JOIN storage.usage ON user_id = owner_id
    WHERE ${condition}`,
  values,
});
