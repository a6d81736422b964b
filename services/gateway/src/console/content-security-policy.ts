/**
 * What the pages of the console may do: no script or style in a page itself, nothing from a foreign
 * host, and no frame around them.
 * @param origins where else files are sent and shown, and calls have their server: those of
 *   `CONSOLE_CONNECT_ORIGINS`
 */
export function consolePolicy(origins: readonly string[]): string {
  const withOrigins = (rule: string) => [rule, ...origins].join(' ');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    withOrigins("connect-src 'self'"),
    withOrigins("img-src 'self' data: blob:"),
    withOrigins("media-src 'self' blob:"),
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
