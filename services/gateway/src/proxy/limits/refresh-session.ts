import { Refresh, refreshTokenPattern } from '@secureconnect/contracts';

/**
 * The session named in the body of a refresh. Only auth can verify the token; undefined if the
 * token is malformed.
 */
export function sessionOfRefresh(body: Buffer): string | undefined {
  const parsed = Refresh.safeParse(jsonOf(body));
  return parsed.success ? refreshTokenPattern.exec(parsed.data.refresh_token)?.[1] : undefined;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // Auth says what is wrong with it.
  }
}
