/** A command of the docs, and what they say it prints. */
export interface DocumentedCommand {
  readonly command: string;
  readonly output: string;
}

/** A fenced `console` block: where it stands in the text, and its commands. */
export interface ConsoleBlock {
  readonly start: number;
  readonly end: number;
  readonly commands: readonly DocumentedCommand[];
}

/** Finds the blocks of a Markdown text; lines that begin with `$ ` are commands. */
export function consoleBlocks(text: string): ConsoleBlock[] {
  return [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map((match) => {
    const body = match[1] ?? '';
    const start = match.index + '```console\n'.length;
    return { start, end: start + body.length, commands: commandsOf(body) };
  });
}

function commandsOf(body: string): DocumentedCommand[] {
  return body
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...output] = part.trimEnd().split('\n');
      return { command, output: output.join('\n') };
    });
}

/** The lines of each fenced `sh` block of a Markdown text. */
export function shellBlocks(text: string): string[][] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) =>
    block.trimEnd().split('\n'),
  );
}

/** The text with each block's outputs replaced, command by command. */
export function withOutputs(text: string, outputs: readonly (readonly string[])[]): string {
  let result = text;
  const blocks = consoleBlocks(text);
  for (const [index, block] of [...blocks.entries()].reverse()) {
    const body = block.commands
      .map(({ command }, position) => {
        const output = outputs[index]?.[position] ?? '';
        return `$ ${command}\n${output === '' ? '' : `${output}\n`}`;
      })
      .join('');
    result = result.slice(0, block.start) + body + result.slice(block.end);
  }
  return result;
}

/** Puts what differs from run to run out of sight, so that outputs can be compared and printed. */
export function normalized(output: string): string {
  return output
    .replaceAll('\r', '')
    .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'eyJ…')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[\w-]{43}/g, '…')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '0a1b2c3d-…')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-01-01T12:00:00.000Z')
    .trimEnd();
}
