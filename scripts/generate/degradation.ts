import { markdownTable } from '../../packages/degraded-mode/src/index.ts';
import type { Generator } from './generator.ts';
import { serviceRows } from './service-rows.ts';

const introduction = `# What each route does when Redis is down

Generated from the route tables by \`npm run generate\`; the gate fails where this file differs.
The same rows are served, with their present mode, by \`GET /v1/degraded\` on every service.

- **fail closed**: 503 with \`Retry-After\` and the body
  \`{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"… is operating in degraded mode due to Redis unavailability"}\`;
  nothing has happened. *When used*: refused when the request turns out to need the port.
- **fail open: local**: an in-process substitute answers.
- **fail open: durable**: PostgreSQL answers.
- **fail open: snapshot**: the last copy answers; older than its bound it fails closed.
- **fail open: skip**: the effect is dropped, counted and named in the reply.

A reply that was not as usual names the ports in \`meta.degraded\` and in the header \`X-Degraded\`.
With \`ENABLE_REDIS_FALLBACK=false\` every port of every row fails closed. A dash means that the
route uses no Redis at all.
`;

/** docs/degradation.md: every row of every service. */
export const degradationDoc: Generator = {
  file: 'docs/degradation.md',
  async render() {
    const sections = serviceRows.map(
      ({ service, rows }) => `## ${service}\n\n${markdownTable(rows)}\n`,
    );
    return [introduction, ...sections].join('\n');
  },
};
