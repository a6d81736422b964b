import { createServer } from 'node:http';

/** A page on loopback, which browsers treat as secure, with these scripts. */
export async function servePage(
  scripts: readonly string[],
): Promise<AsyncDisposable & { readonly url: string }> {
  const html = `<!doctype html><meta charset="utf-8"><title>call</title>${scripts
    .map((script) => `<script>${script.replaceAll('</script', '<\\/script')}</script>`)
    .join('')}`;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(html);
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
