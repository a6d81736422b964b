import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { setScene } from '../../../scripts/validate/scene.ts';
import { stackFrom } from '../../../scripts/validate/stack.ts';
import { consoleBlocks, withOutputs } from '../../support/console-block.ts';
import { openShell } from '../../support/shell.ts';
import { root } from '../support/command.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { steady } from '../support/steady.ts';

const document = join(root, 'docs/validation.md');

// UPDATE_VALIDATION=1 (npm run validate:compose) writes what the commands print now.
export function printsTheTranscript(stack: () => ComposeStack): void {
  it('prints the transcript of docs/validation.md, command by command', async () => {
    const text = await readFile(document, 'utf8');
    const { token, conversationId } = await setScene(stackFrom(process.env));
    await using shell = openShell(stack().directory);
    const variables = {
      ...stack().environment,
      TOKEN: token,
      CONVERSATION_ID: conversationId,
    };
    for (const [name, value] of Object.entries(variables)) {
      await shell.run(`export ${name}='${value}'`);
    }
    const blocks = consoleBlocks(text);
    expect(blocks.length).toBeGreaterThan(3);
    const outputs: string[][] = [];
    for (const { commands } of blocks) {
      const printed: string[] = [];
      for (const { command } of commands) printed.push(steady(await shell.run(command)));
      outputs.push(printed);
    }
    if (process.env['UPDATE_VALIDATION'] === '1') {
      await writeFile(document, withOutputs(text, outputs));
      return;
    }
    expect(outputs).toEqual(
      blocks.map(({ commands }) => commands.map(({ output }) => steady(output))),
    );
  });
}
