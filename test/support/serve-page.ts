import { createServer } from 'node:http';

/**
 * A page on loopback, which browsers treat as secure, with these scripts.
 * @param files other pages and scripts, by path; an entry may be added later
 */
export async function servePage(
  scripts: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<AsyncDisposable & { readonly url: string }> {
  const html = `<!doctype html><meta charset="utf-8"><title>call</title>${scripts
    .map((script) => `<script>${script.replaceAll('</script', '<\\/script')}</script>`)
    .join('')}`;
  const server = createServer(({ url = '' }, response) => {
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.setHeader('content-type', type).end(files[url] ?? html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
