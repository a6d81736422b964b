import { type Logger, pino, stdTimeFunctions } from 'pino';

export type { Logger } from 'pino';

const secretNames = [
  'password',
  'new_password',
  'token',
  'access_token',
  'refresh_token',
  'authorization',
  'cookie',
  'secret',
];

/** Never in a log line, at the top or up to two objects down. */
const redacted = ['', '*.', '*.*.'].flatMap((depth) => secretNames.map((name) => depth + name));

export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
  /** Receives each line instead of standard output. */
  readonly write?: (line: string) => void;
}

/** One JSON line per event; readable lines on a terminal. */
export function createLogger({ service, level, write }: LoggerOptions): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: redacted, censor: '[redacted]' },
  };
  if (write !== undefined) return pino(options, { write });
  if (process.stdout.isTTY !== true) return pino(options);
  // pino cannot format levels in this process for a transport that runs in another thread.
  const { formatters: _inThread, ...rest } = options;
  return pino({ ...rest, transport: { target: 'pino-pretty', options: { singleLine: true } } });
}
