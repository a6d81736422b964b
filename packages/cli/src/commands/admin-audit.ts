import { LostReplyError } from '@secureconnect/client';
import type { Command } from 'commander';
import type { CommandContext, GlobalOptions } from '../command.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { connectSignedIn, naming } from '../session/connect.ts';
import { withStepUp } from '../session/step-up.ts';
import { linesIn } from '../terminal/lines-in.ts';
import { wholeNumber } from '../terminal/numbers.ts';

interface AuditOptions extends GlobalOptions {
  readonly after: number;
}

const path = '/v1/admin/audit/export';

/** `admin audit`: the sealed log, entry by entry. */
export function addAudit(admin: Command, context: CommandContext): void {
  admin
    .command('audit')
    .description(
      'Export the sealed audit log, one entry a line as JSON, in the order of its hash chain. If the connection is lost, the error says where to go on.',
    )
    .option('--after <sequence>', 'only entries after this one', wholeNumber(0, 2 ** 53 - 1), 0)
    .action(async (_options, command) => exportAudit(context, command.optsWithGlobals()));
}

async function exportAudit(context: CommandContext, options: AuditOptions): Promise<void> {
  const { signal, terminal } = context;
  const { client, request } = await connectSignedIn(context, options);
  const reply = await withStepUp(context, request, () =>
    naming(`GET ${path}`, client.open(`${path}?after=${options.after}`, { signal })),
  );
  let { after } = options;
  try {
    for await (const line of linesIn(reply)) {
      const entry = JSON.parse(line) as { readonly sequence: number };
      terminal.writeJson(entry);
      await terminal.written();
      after = entry.sequence;
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof LostReplyError)) throw error;
    const goOn = `run it again with --after ${after}`;
    throw new CommandError(exitCodes.noReply, `The connection was lost; ${goOn} to go on.`);
  }
}
