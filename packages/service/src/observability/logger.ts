import { type Logger, pino, stdTimeFunctions } from 'pino';
import { activeTracing } from '../tracing/tracing.ts';

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

/**
 * Lines are written some at a time, at most 50 ms late; pino writes what is left when the process
 * ends, unless it is killed.
 */
const batched = {
  sync: false,
  minLength: 15 * 1024,
  periodicFlush: 50,
  maxLength: 16 * 1024 * 1024,
};

export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
  /** Lines name the trace in which they are written. Default: there is none. */
  readonly traced?: boolean;
  /** Receives each line instead of standard output. */
  readonly write?: (line: string) => void;
  /** Receives each line in addition. */
  readonly copy?: (line: string) => void;
}

/** One JSON line per event; readable lines on a terminal. */
export function createLogger(options: LoggerOptions): Logger {
  const { service, level, traced = false, write, copy } = options;
  const settings: pino.LoggerOptions = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    ...(traced ? { mixin: () => activeTracing()?.ids() ?? {} } : {}),
    redact: { paths: redacted, censor: '[redacted]' },
  };
  if (write !== undefined) return pino(settings, { write });
  if (copy !== undefined) return pino(settings, copied(pino.destination(batched), copy));
  if (process.stdout.isTTY !== true) return pino(settings, pino.destination(batched));
  // pino cannot format levels in this process for a transport that runs in another thread.
  const { formatters: _inThread, ...rest } = settings;
  return pino({ ...rest, transport: { target: 'pino-pretty', options: { singleLine: true } } });
}

/** Where lines are written, and copied from. */
function copied(
  output: pino.DestinationStream,
  copy: (line: string) => void,
): pino.DestinationStream {
  return {
    write(line) {
      output.write(line);
      copy(line);
    },
  };
}

/** A logger for lines whose fields are known to hold no secret: they need no search for one. */
export function withoutRedaction(log: Logger): Logger {
  return log.child({}, { redact: [] });
}
