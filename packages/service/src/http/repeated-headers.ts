import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';

/**
 * Headers that may appear once; of several, Node, a proxy and a log may each use a different one.
 */
const singular = ['host', 'authorization'];

/** Throws VALIDATION_ERROR if `Host` or `Authorization` is repeated (RFC 9110, 5.3). */
export function refuseRepeatedHeaders({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): void {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    if (!singular.includes(name)) continue;
    if (seen.has(name)) {
      const details = [{ field: `header.${name}`, message: 'expected once' }];
      throw new ApiError('VALIDATION_ERROR', `Send the header ${name} once.`, { details });
    }
    seen.add(name);
  }
}
