import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ComposeStack } from '../support/compose-stack.ts';
import { own } from './runbooks.ts';

const operations = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');

/** The command for operators ends every session, in the container of the service that has them. */
export function endsSessions(stack: () => ComposeStack): void {
  const [command = ''] = /^docker-compose exec -T auth-service .*$/m.exec(operations) ?? [];
  it(`ends all sessions: ${command}`, { timeout: 60_000 }, async () => {
    const run = () => stack().ended(['bash', '-c', own(command, stack())]);
    const first = await run();
    expect(first.code, first.output).toBe(0);
    expect(first.output).toMatch(/^Ended sessions: \d+\. Access tokens issued before /m);
    expect((await run()).output).toContain('Ended sessions: 0.');
  });
}
