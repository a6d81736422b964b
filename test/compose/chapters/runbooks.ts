import { expect, it } from 'vitest';
import { type RunbookCommand, shellCommands } from '../../observability/runbook-commands.ts';
import type { ComposeStack } from '../support/compose-stack.ts';

/** Commands for the stack with sentinels name one of them. */
const needsSentinels = ({ command }: RunbookCommand): boolean =>
  /\b(sentinel|redis)-\d\b/.test(command);

const forCompose = shellCommands().filter(({ command }) => !command.includes('kubectl'));

/** The commands of the runbooks for this kind of stack, each of which must do its work. */
export function answersTheRunbooks(stack: () => ComposeStack, kind: 'single' | 'ha'): void {
  const commands = forCompose.filter((one) => needsSentinels(one) === (kind === 'ha'));
  it.each(commands)('$page: $command', { timeout: 60_000 }, async ({ command }) => {
    // What a log is searched for need not be in it; that the log can be read is what counts.
    const asked = command.replace(/( logs [^|]*)\| grep [^;]*/, '$1');
    const { code, output } = await stack().ended(['bash', '-c', own(asked, stack())]);
    expect(code, output).toBe(0);
    // redis-cli ends with 0 whatever it is told.
    expect(output).not.toMatch(/^(NOAUTH|WRONGPASS|ERR)\b/m);
    if (command.includes('/api/v1/query')) expect(output).toContain('"status":"success"');
  });
}

/** For the Compose of this stack, in whatever part of the command. */
export function own(command: string, stack: ComposeStack): string {
  return command.replace(/(^|[ (])docker-compose(?= )/g, `$1${stack.command([]).join(' ')}`);
}
