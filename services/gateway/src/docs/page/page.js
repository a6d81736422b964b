// Draws the OpenAPI document of the host that served this page.
const text = 'system-ui, sans-serif';
const code = 'ui-monospace, "DejaVu Sans Mono", monospace';

globalThis.Redoc.init(
  '/openapi.json',
  {
    nativeScrollbars: true,
    showExtensions: ['x-when-redis-down'],
    theme: {
      typography: {
        fontFamily: text,
        headings: { fontFamily: text },
        code: { fontFamily: code },
      },
    },
  },
  globalThis.document.getElementById('documentation'),
);
