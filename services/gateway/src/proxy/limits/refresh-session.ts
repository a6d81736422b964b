import { Refresh, refreshTokenPattern } from '@secureconnect/contracts';
import { jsonOf } from '../../json-of.ts';

/**
 * The session named in the body of a refresh. Only auth can verify the token; undefined if the
 * token is malformed.
 */
export function sessionOfRefresh(body: Buffer): string | undefined {
  const parsed = Refresh.safeParse(jsonOf(body.toString('utf8')));
  return parsed.success ? refreshTokenPattern.exec(parsed.data.refresh_token)?.[1] : undefined;
}
