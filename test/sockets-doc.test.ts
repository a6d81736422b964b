import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chatRoutes, socketLimits } from '@secureconnect/chat';
import { ChatServerFrame, chatClientFrames, FRAME_MAX_BYTES } from '@secureconnect/contracts';
import { closeCodes, socketDefaults } from '@secureconnect/realtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxPresentToTell } from '../services/chat/src/frames.ts';
import {
  maxAnnouncedConversations,
  maxFollowedConversations,
  maxFollowedHere,
} from '../services/chat/src/sockets/follow-limits.ts';
import { createWorld } from './conformance/world.ts';
import { consoleBlocks, normalized } from './support/console-block.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';

const run = promisify(execFile);
const doc = await readFile(join(import.meta.dirname, '../docs/sockets.md'), 'utf8');

/** The cells of a table under a heading, without its head. */
function table(heading: string): string[][] {
  const section = doc.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const typesIn = (heading: string): string[] =>
  table(heading).map(([type = '']) => type.replaceAll('`', ''));

describe('docs/sockets.md', () => {
  it('lists every frame that a client may send, and each has a row', () => {
    const types = Object.keys(chatClientFrames).toSorted();
    expect(typesIn('Client frames').toSorted()).toEqual(types);
    const rows = chatRoutes.flatMap((route) =>
      route.kind === 'message' && route.sentBy === 'client' ? [route.endpoint.type] : [],
    );
    expect(rows.toSorted()).toEqual(types);
  });

  it('lists every frame that a client may receive', () => {
    const heard = ChatServerFrame.options.map(({ shape }) => shape.type.value);
    const answers = ['ack', 'resumed', 'error'];
    expect([...typesIn('Server frames'), ...answers].toSorted()).toEqual(heard.toSorted());
  });

  it('lists every close code with its reason', () => {
    const codes = Object.values(closeCodes).map(({ code, reason }) => [String(code), reason]);
    const listed = table('Close codes').map(([code, reason]) => [code, reason]);
    expect(listed).toEqual(codes);
  });

  it('gives the limits of following conversations', () => {
    const limits = table('Following conversations').map(([limit = '']) => limit.split(' ')[0]);
    const inForce = [
      socketDefaults.maxSocketsPerUser,
      maxFollowedConversations,
      maxFollowedHere,
      maxAnnouncedConversations,
      maxPresentToTell,
    ];
    expect(limits).toEqual(inForce.map((limit) => limit.toLocaleString('en')));
  });

  it('gives the limits that are in force', () => {
    const { chat, typing, resume } = socketLimits.perMinuteByType;
    expect(doc).toContain(
      `${chat} \`chat\`, ${typing} \`typing\` and ${resume} \`resume\` frames of a user, ` +
        `${socketLimits.framesPerMinuteAndSocket} frames of any kind on one socket and ` +
        `${socketLimits.framesPerMinute.toLocaleString('en')} over all`,
    );
    expect(doc).toContain(`at most ${FRAME_MAX_BYTES / 1024} KiB`);
  });
});

/** The fenced blocks of a language, each as its lines. */
const blocksOf = (language: string): string[] =>
  [...doc.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, block = '']) => block,
  );

describe('the examples of docs/sockets.md, against running services', () => {
  const parts = new AsyncDisposableStack();
  let gateway: string;
  let token: string;
  beforeAll(async () => {
    const stack = parts.use(await startStack());
    gateway = new URL(stack.urls.gateway).host;
    ({ token } = await createWorld(stack).user());
  });
  afterAll(() => parts.disposeAsync());

  const programs = blocksOf('js');
  it('are as many as it has', () => {
    expect(programs).toHaveLength(2);
    expect(consoleBlocks(doc)).toHaveLength(1);
  });

  it.each(programs)('print what their last line says: %#', async (program) => {
    const source = program.replaceAll('localhost:8080', gateway);
    const prelude = `const token = ${JSON.stringify(token)};\n`;
    // The socket would keep the program alive.
    const end = "\nsocket.addEventListener('open', () => socket.close());\n";
    const args = ['--input-type=module', '--eval', prelude + source + end];
    const { stdout } = await run(process.execPath, args);
    expect(`// ${stdout.trim()}`).toBe(source.trimEnd().split('\n').at(-1));
  });

  it('print what they say in a shell', async () => {
    await using shell = openShell(join(import.meta.dirname, '..'));
    await shell.run(`TOKEN=${token}`);
    for (const { command, output } of consoleBlocks(doc).flatMap(({ commands }) => commands)) {
      const printed = await shell.run(command.replaceAll('localhost:8080', gateway));
      expect(normalized(printed)).toBe(normalized(output));
    }
  });
});
