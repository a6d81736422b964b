import type { PartTarget } from '@secureconnect/contracts';
import type { UploadTo } from '../transfers/transfers.ts';

/** The target of a PUT, as clients see it. */
export function uploadTarget({ url, headers, expiresAt }: UploadTo): PartTarget {
  return {
    upload_url: url,
    method: 'PUT',
    headers: { ...headers },
    expires_at: expiresAt.toISOString(),
  };
}
