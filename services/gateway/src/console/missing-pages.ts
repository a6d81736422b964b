const html = (title: string, text: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<h1>${title}</h1>
<p>${text}</p>
`;

/** The page of a gateway without a build of the console. */
export const consoleNotBuilt = html(
  'The console is not built',
  'Run <code>npm run build:console</code> where the gateway runs, then load this page again.',
);

export const noSuchFile = html(
  'There is no such file',
  'The console has been updated. Open <a href="/console">/console</a> again.',
);
