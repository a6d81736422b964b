/** A refresh token begins with the id of its session. */
export function sessionIdOf(refreshToken: string): string {
  return refreshToken.split('.')[0] ?? '';
}
