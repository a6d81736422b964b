/**
 * The line of a mail that carries a token: a link to the client, or the token alone. The token is in
 * the fragment, which browsers send to no server.
 */
export function linkLine(accountUrl: string | undefined, purpose: string, token: string): string {
  return accountUrl === undefined ? `Token: ${token}` : `Link: ${accountUrl}#${purpose}=${token}`;
}
