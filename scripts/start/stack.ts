import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { banner } from './banner.ts';
import { buildConsoleIfOlder } from './console-build.ts';
import { type Database, migrate, provideDatabase, type SetUp } from './database.ts';
import { keepLastStop, unseenLastStop } from './last-stop.ts';
import { lockDataDir } from './lock.ts';
import { pagesEnvironment } from './pages-environment.ts';
import { checkPorts } from './ports.ts';
import { Progress } from './progress.ts';
import { type LocalRedis, provideRedis } from './redis.ts';
import { serveRedisSwitch } from './redis-switch.ts';
import { keptSecret } from './secrets.ts';
import { ServiceProcess } from './service-process.ts';
import type { Settings } from './settings.ts';
import { orEnd, StackEnd, untilEnd } from './stack-end.ts';

export interface StackOptions {
  readonly settings: Settings;
  /** The environment of the services; variables of started backends are added. */
  readonly environment: NodeJS.ProcessEnv;
  /** The script that migrates the database. */
  readonly migrations: string;
  /** Where the console is built before the services start; it is not if this is undefined. */
  readonly consoleRoot?: string;
  /** Whether a person reads the output; then the services' lines are formatted. */
  readonly readable: boolean;
  readonly say: (line: string) => void;
  /** Aborting it, with a {@link StackEnd} as the reason, ends the stack. */
  readonly controller: AbortController;
}

/**
 * Starts the backends that the environment does not name, then the services. At its end it stops
 * everything in reverse order: services, Redis, PostgreSQL.
 * @returns why it ended
 * @throws Error, for the operator, if the stack cannot start; nothing is left running then.
 */
export async function runStack(options: StackOptions): Promise<StackEnd> {
  const { settings, say, controller } = options;
  await using parts = new AsyncDisposableStack();
  const setUp = { settings, parts, controller, progress: new Progress(say) };
  try {
    await start(setUp, options);
    return await untilEnd(controller.signal);
  } catch (error) {
    if (!(error instanceof StackEnd)) throw error;
    say(`Stopping: ${error.message}.`);
    if (!settings.production) keepLastStop(settings.dataDir, error.message);
    return error;
  }
}

async function start(setUp: SetUp, options: StackOptions): Promise<void> {
  const { settings, progress, parts, controller } = setUp;
  if (!settings.production) {
    mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
    parts.use(lockDataDir(settings.dataDir));
    const lastStop = unseenLastStop(settings.dataDir);
    if (lastStop !== undefined) options.say(lastStop);
  }
  await checkPorts(settings.services);

  const database = await provideDatabase(setUp);
  controller.signal.throwIfAborted();
  const redis = await provideRedis(setUp);
  controller.signal.throwIfAborted();
  const redisSwitch =
    redis?.switched === undefined || settings.production
      ? undefined
      : parts.use(await serveRedisSwitch(redis.switched, (line) => progress.note(line)));
  const storageDirectory = provideDirectory(settings);
  const environment = {
    ...options.environment,
    ...provided(settings, database, redis),
    ...(redisSwitch === undefined ? {} : { DEMO_REDIS_SWITCH: redisSwitch.url }),
    ...(storageDirectory === undefined ? {} : { STORAGE_DIRECTORY: storageDirectory }),
    ...(settings.mail !== undefined ? {} : { MAIL_DIRECTORY: join(settings.dataDir, 'mail') }),
  };
  await progress.step('migrating the database', () =>
    migrate(options.migrations, environment, controller.signal),
  );
  if (options.consoleRoot !== undefined && !settings.production)
    await buildConsoleIfOlder(options.consoleRoot, progress);
  controller.signal.throwIfAborted();
  await startServices(setUp, options, environment);
  const files = storageDirectory ?? settings.s3 ?? '';
  options.say(banner({ settings, database, redis, files }));
}

/** The directory for files; undefined if only S3 stores them. */
function provideDirectory({ storageDirectory, s3, dataDir }: Settings): string | undefined {
  const directory = storageDirectory ?? (s3 === undefined ? join(dataDir, 'files') : undefined);
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  return directory;
}

async function startServices(
  { settings, progress, parts, controller }: SetUp,
  { readable, say }: StackOptions,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const print = readable ? say : undefined;
  const processes = settings.services.map(
    (service) => new ServiceProcess(service, environment, print),
  );
  parts.defer(async () => {
    await Promise.all(processes.map((process) => process.stop()));
  });
  for (const { service, ended } of processes) {
    void ended.then((how) =>
      controller.abort(new StackEnd(1, `${service.name} stopped unexpectedly (${how})`)),
    );
  }
  const names = settings.services.map(({ name }) => name).join(', ');
  const { signal } = controller;
  const ready = () => Promise.all(processes.map((process) => process.ready(signal)));
  await progress.step(`starting ${names}`, () => orEnd(ready(), signal));
}

/** The variables that the services get in addition to the starter's environment. */
function provided(
  settings: Settings,
  database: Database,
  redis: LocalRedis | undefined,
): NodeJS.ProcessEnv {
  const { dataDir, jwtSecret, factorSecret, signalsToken, services } = settings;
  return {
    DATABASE_URL: database.url,
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    JWT_SECRET: jwtSecret ?? keptSecret(dataDir, 'jwt-secret'),
    FACTOR_SECRET: factorSecret ?? keptSecret(dataDir, 'factor-secret'),
    SIGNALS_TOKEN: signalsToken ?? keptSecret(dataDir, 'signals-token'),
    ...pagesEnvironment(settings),
    ...Object.fromEntries(services.map(({ portVariable, port }) => [portVariable, String(port)])),
  };
}
