import { ConfigError, list, type Parsed } from '@secureconnect/service';

const schemes = ['https:', 'http:', 'wss:', 'ws:'];

export const connectOriginsVariables = { CONSOLE_CONNECT_ORIGINS: list('') };

/**
 * Reads the origins that the console's pages may reach beside the gateway.
 * @throws ConfigError for an entry that is no origin, which would be a different rule of the policy
 */
export function connectOrigins({
  CONSOLE_CONNECT_ORIGINS: entries,
}: Parsed<typeof connectOriginsVariables>): string[] {
  return entries.map((entry) => {
    const url = URL.canParse(entry) ? new URL(entry) : undefined;
    const isOrigin =
      url !== undefined &&
      schemes.includes(url.protocol) &&
      `${url.protocol}//${url.host}` === entry;
    if (isOrigin) return entry;
    throw new ConfigError(
      `CONSOLE_CONNECT_ORIGINS holds "${entry}"; expected origins such as ` +
        'https://files.example.com or wss://calls.example.com: no path, no closing slash, no *.',
    );
  });
}
