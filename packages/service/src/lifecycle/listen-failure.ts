import { ConfigError } from '../config/environment.ts';

export interface ListenExplanation {
  readonly problem: string;
  /** With the variable that chose the port in place of `VARIABLE`. */
  readonly remedy: string;
}

/** Codes of `listen` in the words of docs/troubleshooting.md. */
export const listenExplanations: Readonly<Record<string, ListenExplanation>> = {
  EADDRINUSE: { problem: 'is in use', remedy: 'Stop what uses it, or set VARIABLE.' },
  EACCES: {
    problem: 'needs a right that this process lacks',
    remedy: 'Set VARIABLE to 1024 or higher, or grant CAP_NET_BIND_SERVICE.',
  },
};

/**
 * One line about a port that could not be opened: `Port 80 is in use. Stop what uses it, or set
 * GATEWAY_PORT.` Undefined for errors without a row in `listenExplanations`.
 * @param variable the variable that chose the port
 */
export function explainListenFailure(
  error: unknown,
  port: number,
  variable: string,
): ConfigError | undefined {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) {
    return undefined;
  }
  if (!Object.hasOwn(listenExplanations, error.code)) return undefined;
  const { problem, remedy } = listenExplanations[error.code] as ListenExplanation;
  return new ConfigError(`Port ${port} ${problem}. ${remedy.replace('VARIABLE', variable)}`);
}
