import type { AddCommand, GlobalOptions } from '../command.ts';
import { UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';

interface DoctorOptions extends GlobalOptions {
  readonly envFile?: string;
}

/** `doctor`: finds what will lose data or let somebody in, before it does. */
export const addDoctor: AddCommand = (program, { endWith, terminal }) => {
  program
    .command('doctor')
    .summary('check a deployment for what loses data or lets somebody in')
    .description(
      'Check a deployment: its settings, Redis, PostgreSQL, keys, certificates, mail, TURN and files. ' +
        'Run it where the services run, with their variables. It writes one object of its own into the ' +
        'bucket, and deletes it.',
    )
    .option('--env-file <file>', "the services' variables (default: those of this process)")
    .action(async (_options, command) => {
      const options: DoctorOptions = command.optsWithGlobals();
      const gatewayUrl = gatewayOf(options.url ?? terminal.environment['SECURECONNECT_URL']);
      const { envFile, json = false } = options;
      const environment =
        envFile === undefined
          ? { ...terminal.environment }
          : (await import('../doctor/env-file.ts')).readEnvFile(envFile);
      // Its clients of servers are loaded for this command alone.
      const { examine } = await import('../doctor/examine.ts');
      const { reportOf, linesOf } = await import('../doctor/render.ts');
      const results = await examine(environment, gatewayUrl);
      const report = reportOf(results);
      if (json) terminal.writeJson(report);
      else for (const line of linesOf(results)) terminal.writeLine(line);
      if (!report.ok) endWith(exitCodes.found);
    });
};

function gatewayOf(url: string | undefined): string | undefined {
  if (!url) return undefined;
  if (/^https?:\/\/[^/]/.test(url) && URL.canParse(url)) return url;
  throw new UsageError('The address of the gateway is no http:// or https:// URL.');
}
