import { setTimeout as delay } from 'node:timers/promises';
import { logLevels } from '../config/common-config.ts';
import { ConfigError } from '../config/environment.ts';
import { errorFields } from '../observability/cause.ts';
import { activeLogExport } from '../observability/log-export.ts';
import { createLogger, type Logger } from '../observability/logger.ts';
import { startLogExport } from '../tracing/start-log-export.ts';
import { startTracing } from '../tracing/start-tracing.ts';
import { activeTracing } from '../tracing/tracing.ts';
import { isLogExportOn, isTracingOn } from '../tracing/tracing-config.ts';
import type { Service } from './create-service.ts';
import { explainListenFailure } from './listen-failure.ts';
import { type SurveyedSchema, warnOfDatabase } from './warn-of-database.ts';

export interface RunOptions<Config> {
  readonly name: string;
  readonly readConfig: (environment: NodeJS.ProcessEnv) => Config;
  readonly create: (config: Config, log: Logger) => Promise<Service>;
  /** The port to listen on, and the variable that chose it, for the message if it cannot be opened. */
  readonly port: (config: Config) => { readonly value: number; readonly variable: string };
  /** The schema that is compared with this version; default: none. */
  readonly schema?: (config: Config) => SurveyedSchema;
}

/** A stop that hangs is ended after this long. */
const maxStopMs = 14_000;
/**
 * How long a stop is announced in production; the gateway avoids the instance for twice as long.
 */
const announceMs = 1000;

/**
 * The life of a service process: configuration, start, signals, stop. Exits with 0 after a stop
 * on request, with 1 when it could not start, and says why in one line.
 */
export async function runService<Config>(options: RunOptions<Config>): Promise<void> {
  const traced = isOn(isTracingOn);
  const logExport = isOn(isLogExportOn) ? await startLogExport(options.name, () => log) : undefined;
  const log = createLogger({
    service: options.name,
    level: firstLogLevel(process.env),
    traced,
    ...(logExport === undefined ? {} : { copy: (line) => logExport.write(line) }),
  });
  // Without a handler the first process of a container ignores it.
  const endStart = (): never => process.exit(0);
  process.on('SIGTERM', endStart);
  try {
    const config = options.readConfig(process.env);
    isLogExportOn(process.env);
    if (isTracingOn(process.env)) await startTracing(options.name, log);
    const { value, variable } = options.port(config);
    const service = await options.create(config, log);
    stopWhenAsked(service, log, environmentAnnounces(process.env) ? announceMs : 0);
    process.off('SIGTERM', endStart);
    try {
      const port = await service.listen(value);
      log.info({ port }, 'listening');
      tellParent({ kind: 'listening', port });
      if (options.schema !== undefined) void warnOfDatabase(options.schema(config), log);
    } catch (error) {
      await service.close();
      throw explainListenFailure(error, value, variable) ?? error;
    }
  } catch (error) {
    await exitWith(error, log);
  }
}

/**
 * Tells the process that has started this one with a channel, which then need not ask again and
 * again. If it has ended, its end stops this process.
 */
function tellParent(message: object): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

/** A wrong level is named by the configuration, which is read with the default one. */
function firstLogLevel(environment: NodeJS.ProcessEnv): string {
  return logLevels.find((level) => level === environment['LOG_LEVEL']) ?? 'info';
}

/** Wrong settings of OpenTelemetry are named once the log is there. */
function isOn(ask: (environment: NodeJS.ProcessEnv) => boolean): boolean {
  try {
    return ask(process.env);
  } catch {
    return false;
  }
}

async function exitWith(error: unknown, log: Logger): Promise<never> {
  if (error instanceof ConfigError) {
    // Before there is a working configuration there may be no working log level either.
    process.stderr.write(`${error.message}\n`);
  } else {
    log.fatal(errorFields(error), 'could not start');
  }
  await activeLogExport()?.stop();
  process.exit(1);
}

/** With one instance on a laptop there is no other one to use. */
function environmentAnnounces(environment: NodeJS.ProcessEnv): boolean {
  return environment['NODE_ENV'] === 'production';
}

async function end(service: Service, announceForMs: number): Promise<void> {
  if (announceForMs > 0) {
    service.announceStop();
    await delay(announceForMs);
  }
  await service.close();
  await activeTracing()?.stop();
  await activeLogExport()?.stop();
}

function stopWhenAsked(service: Service, log: Logger, announceForMs: number): void {
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'stopping');
    setTimeout(() => {
      log.warn('stopping took too long; ending now');
      process.exit(1);
    }, maxStopMs).unref();
    end(service, announceForMs).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // Started with a channel by a parent that has ended: nothing else will stop this process.
  if (process.send !== undefined) {
    process.on('disconnect', () => stop('the parent ended'));
    if (!process.connected) stop('the parent ended');
  }
}
