import { type Logger, pino, stdTimeFunctions } from 'pino';

export type { Logger } from 'pino';

/** Never in a log line, wherever they stand. */
const redacted = [
  'password',
  'token',
  'access_token',
  'refresh_token',
  'authorization',
  'cookie',
  '*.password',
  '*.token',
  '*.access_token',
  '*.refresh_token',
  '*.authorization',
  '*.cookie',
];

/** One JSON line an event; readable lines on a terminal. */
export function createLogger(options: { service: string; level: string }): Logger {
  const pretty = process.stdout.isTTY === true;
  return pino({
    level: options.level,
    base: { service: options.service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: redacted, censor: '[redacted]' },
    ...(pretty ? { transport: { target: 'pino-pretty', options: { singleLine: true } } } : {}),
  });
}
