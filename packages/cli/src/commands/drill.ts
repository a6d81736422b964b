import type { RequestOf, Schemas } from '@secureconnect/client';
import { Option } from 'commander';
import type { AddCommand, CommandContext, GlobalOptions } from '../command.ts';
import { UsageError } from '../errors.ts';
import { connectSignedIn } from '../session/connect.ts';
import { withStepUp } from '../session/step-up.ts';
import { localTime } from '../terminal/local-time.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { tableOf } from '../terminal/table.ts';

type Body = RequestOf<'POST /v1/admin/drills'>['body'];

interface StartOptions extends GlobalOptions {
  readonly services: Body['services'];
  readonly for: number;
  readonly instance?: string;
  readonly dependency?: string;
  readonly port?: string;
}

const serviceNames = ['gateway', 'auth', 'chat', 'video', 'storage'] as const;
const withRedis = 'gateway,auth,chat,video';

/** `drill`: services act for a time as if Redis had failed. */
export const addDrill: AddCommand = (program, context) => {
  const drill = program
    .command('drill')
    .summary('let services act for a time as if Redis had failed (administrators)')
    .description(
      'Drills: services act for a time as if Redis had failed, for all users. For administrators. The drill ends by itself.',
    );
  drill
    .command('start')
    .description('Begin a drill. Every process of the services begins within two seconds.')
    .addOption(servicesOption)
    .option('--for <seconds>', 'how long', wholeNumber(1, 3600), 60)
    .option('--instance <id>', 'only this process, as "degraded" shows it')
    .option('--dependency <name>', 'what fails, such as object_store for storage (default: redis)')
    .option('--port <name>', 'only this port, such as presence')
    .action(async (_options, command) => start(context, command.optsWithGlobals()));
  drill
    .command('list')
    .description('List the drills under way.')
    .action(async (_options, command) => list(context, command.optsWithGlobals()));
  drill
    .command('end')
    .description('End a drill before its time.')
    .argument('<id>', 'the id of the drill')
    .action(async (id: string, _options, command) => end(id, context, command.optsWithGlobals()));
};

const servicesOption = new Option(
  '--services <names>',
  `comma-separated, of ${serviceNames.join(', ')}`,
)
  .argParser(servicesIn)
  .default(servicesIn(withRedis), withRedis);

function servicesIn(text: string): Body['services'] {
  return text.split(',').map((name) => {
    const service = serviceNames.find((known) => known === name.trim());
    if (service !== undefined) return service;
    throw new UsageError(`--services has "${name}"; expected ${serviceNames.join(', ')}.`);
  });
}

async function start(context: CommandContext, options: StartOptions): Promise<void> {
  const { signal, terminal } = context;
  const { request } = await connectSignedIn(context, options);
  const { dependency, instance, port } = options;
  const body = {
    services: options.services,
    seconds: options.for,
    ...(instance === undefined ? {} : { instance }),
    ...(dependency === undefined ? {} : { dependency }),
    ...(port === undefined ? {} : { port }),
  };
  const begun = await withStepUp(context, request, () =>
    request('POST /v1/admin/drills', { body }, { signal }),
  );
  if (options.json) return terminal.writeJson(begun);
  terminal.writeLine(begun.drill_id);
  terminal.note(
    `${targetOf(begun)} until ${localTime(begun.ends_at)}; "secureconnect drill end ${begun.drill_id}" ends it.`,
  );
}

async function list(context: CommandContext, options: GlobalOptions): Promise<void> {
  const { signal, terminal } = context;
  const { request } = await connectSignedIn(context, options);
  const { drills } = await request('GET /v1/admin/drills', {}, { signal });
  if (options.json) {
    for (const drill of drills) terminal.writeJson(drill);
    return;
  }
  if (drills.length === 0) return terminal.note('There is no drill under way.');
  const rows = drills.map((drill) => [drill.drill_id, targetOf(drill), localTime(drill.ends_at)]);
  terminal.writeLines(tableOf(['DRILL', 'WITHOUT', 'ENDS'], rows));
}

async function end(id: string, context: CommandContext, options: GlobalOptions): Promise<void> {
  const { signal, terminal } = context;
  const { request } = await connectSignedIn(context, options);
  const route = 'POST /v1/admin/drills/:drill_id/end';
  const ended = await request(route, { path: { drill_id: id } }, { signal, isRepeatable: true });
  if (options.json) terminal.writeJson(ended);
  else terminal.writeLine(`Ended ${ended.drill_id}; the services recover within seconds.`);
}

/** `redis in auth, chat`, or `port presence of redis in chat, instance 5e1f09ab`. */
function targetOf({ dependency, instance, port, services }: Schemas['Drill']): string {
  const what = port === null ? dependency : `port ${port} of ${dependency}`;
  const where = instance === null ? '' : `, instance ${instance}`;
  return `${what} in ${services.join(', ')}${where}`;
}
