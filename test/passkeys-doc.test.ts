import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type BrowserPage,
  eventually,
  programSkipReason,
  startBrowser,
} from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { consoleBlocks, normalized } from './support/console-block.ts';
import { documentedSection, root } from './support/documented-section.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';

const section = await documentedSection('docs/accounts.md', 'Passkeys');
const blocks = [...section.matchAll(/^```(console|js)\n[\s\S]*?^```$/gm)].map(
  ([text, language]) => ({ text, language }),
);
const scripts = blocks
  .filter(({ language }) => language === 'js')
  .map(({ text }) => text.split('\n').slice(1, -1).join('\n'));
const [functions = ''] = scripts;
const missing = programSkipReason(['chromium']);

describe.skipIf(missing !== '')(`passkeys in a browser${missing}`, () => {
  it('do what docs/accounts.md says, command by command', { timeout: 60_000 }, async () => {
    expect(scripts.length).toBeGreaterThan(1);
    await using stack = await startStack();
    await using shell = openShell(root);
    await using page = await startBrowser();
    const { port } = new URL(stack.urls.gateway);
    await page.addAuthenticator();
    await page.open(`http://localhost:${port}/docs`);
    let value: unknown;
    for (const { text, language } of blocks) {
      if (language === 'js') {
        value = await evaluated(page, text, (name) => shell.run(`echo "$${name}"`));
        continue;
      }
      for (const { command, output } of consoleBlocks(text).flatMap(({ commands }) => commands)) {
        const own = command.replaceAll('localhost:8080', `localhost:${port}`);
        const run = own.replace("'what the page shows'", `'${String(value)}'`);
        expect(normalized(await shell.run(run)), command).toBe(normalized(output));
      }
    }
    expect(page.problems).toEqual([]);
    expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('are refused for a page of a different origin', { timeout: 60_000 }, async () => {
    await using pages = await emptyPages();
    await using stack = await startStack({ CORS_ORIGINS: pages.origin });
    await using page = await startBrowser();
    await page.addAuthenticator();
    await page.open(pages.origin);
    const gateway = `http://localhost:${new URL(stack.urls.gateway).port}`;
    await page.evaluate(functions.replace('/v1/', `${gateway}/v1/`));
    await page.evaluate(`token = (await send('POST', 'auth/register', undefined, {
      email: 'eve@example.com', username: 'eve', display_name: 'Eve',
      password: 'purple monkey dishwasher' })).access_token`);
    await expect(page.evaluate(`await addPasskey(token, 'A key')`)).rejects.toThrow(
      'The passkey was not accepted',
    );
    expect(
      await page.evaluate(`(await send('GET', 'users/me/passkeys', token)).passkeys.length`),
    ).toBe(0);
    await eventually(async () => {
      expect(stack.logs.map(({ msg }) => msg)).toContain('passkey refused');
    });
  });
});

/** Runs a block in the page, with the variables of the shell that it names; returns its value. */
async function evaluated(
  page: BrowserPage,
  block: string,
  variable: (name: string) => Promise<string>,
): Promise<unknown> {
  let script = block.split('\n').slice(1, -1).join('\n');
  for (const name of new Set(
    [...script.matchAll(/'\$([A-Z]+)'/g)].map(([, found = '']) => found),
  )) {
    script = script.replaceAll(`'$${name}'`, JSON.stringify(await variable(name)));
  }
  return page.evaluate(script);
}

/** A server of pages without content, at an origin that nobody has set up. */
async function emptyPages() {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>a page</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
