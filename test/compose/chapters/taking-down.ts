import { expect, it } from 'vitest';
import { linesOf } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { project } from '../support/project.ts';

const filter = ['--filter', `label=com.docker.compose.project=${project}`];

export function goesAway(stack: () => ComposeStack): void {
  it('leaves nothing after down --volumes', async () => {
    await stack().down();
    expect(await linesOf(['docker', 'ps', '--all', '--quiet', ...filter])).toEqual([]);
    expect(await linesOf(['docker', 'volume', 'ls', '--quiet', ...filter])).toEqual([]);
    expect(await linesOf(['docker', 'network', 'ls', '--quiet', ...filter])).toEqual([]);
  });
}
