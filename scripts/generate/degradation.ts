import {
  type Declared,
  declaredFallbacks,
  defaultFallback,
  describeFallback,
  describePort,
  kebabCase,
  type RoutePolicy,
} from '@secureconnect/degraded-mode';
import type { Generator } from './generator.ts';
import { portNotes } from './port-notes.ts';
import { serviceRows } from './service-rows.ts';

const introduction = `# What each route does when Redis is down

Generated from the route tables by \`npm run generate\`; the gate fails where this file differs.
The same rows are served, with their current mode, by \`GET /v1/degraded\` on every service.

- **fail closed**: 503 with \`Retry-After\` and the body
  \`{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"… is operating in degraded mode due to Redis unavailability"}\`;
  the request had no effect. *When used*: only a request that needs the port is refused.
- **fail open: local**: an in-process fallback answers.
- **fail open: durable**: PostgreSQL answers.
- **fail open: snapshot**: the last copy answers; if it is older than its bound, the row fails closed.
- **fail open: skip**: the effect is dropped, counted and named in the reply.

A reply that used a fallback names the ports in \`meta.degraded\` and in the header \`X-Degraded\`
(on a socket: in the frame's \`meta.degraded\`). Every use of a fallback is counted in
\`redis_fallbacks_total{route,port,fallback}\`. With \`ENABLE_REDIS_FALLBACK=false\` every port of
every row fails closed. A dash means that the route does not use Redis.
`;

/** docs/degradation.md: every row of every service, and advice to operators for each port. */
export const degradationDoc: Generator = {
  file: 'docs/degradation.md',
  async render() {
    const sections = serviceRows.map(({ service, rows }) => `## ${service}\n\n${table(rows)}\n`);
    return [introduction, ...sections, otherDependencies(), runbook()].join('\n');
  },
};

const ofOthers = `## Other dependencies

The rows above are about Redis; these routes use a dependency of their own as well, and *fail closed* is 503
\`SERVICE_UNAVAILABLE\` with \`Retry-After\`, in the usual envelope. A reply that used a fallback names the
dependency: \`X-Degraded: removals=skip;dependency=object_store\`. Fallbacks are counted in
\`dependency_fallbacks_total{dependency,route,port,fallback}\`, and \`dependency_degraded_mode\` and
\`dependency_breaker_state\` tell the state of each ([ADR 0041](adr/0041-any-dependency.md)). For the gateway, the
services behind it are such dependencies: each is down for it while no instance of it can be reached
([ADR 0052](adr/0052-modes-of-the-gateway.md)). Mail is no such
dependency: it is sent from an outbox, and no route waits for it.
`;

/** A line for each row that uses a dependency other than Redis. */
function otherDependencies(): string {
  const lines = serviceRows.flatMap(({ service, rows }) =>
    rows.flatMap((row) => {
      const ports = Object.entries(row.whenDown ?? {});
      if (ports.length === 0) return [];
      const outcomes = ports.map(([port, declared]) => describePort(row, port, declared));
      return [`| ${service} | \`${row.route}\` | ${outcomes.join('<br>')} |`];
    }),
  );
  const table = ['| service | route | when the dependency is down |', '|---|---|---|', ...lines];
  return [ofOthers, ...table, ''].join('\n');
}

function table(rows: readonly RoutePolicy[]): string {
  const lines = rows.map((row) => {
    const ports = Object.entries(row.whenRedisDown).map(
      ([port, declared]) => `${kebabCase(port)}: ${describeFallback(declared)}`,
    );
    return `| \`${row.route}\` | ${ports.join('<br>') || '–'} | ${reply(row)} |`;
  });
  return ['| route | when Redis is down | reply |', '|---|---|---|', ...lines].join('\n');
}

/** What a client sees of a row with the default settings. */
function reply(row: RoutePolicy): string {
  const ports = Object.entries(row.whenRedisDown);
  const atCall = ports.find(([, declared]) => byDefault(declared).atCall);
  const refused = ports.some(([, declared]) => {
    const { closed, atCall: later } = byDefault(declared);
    return closed && !later;
  });
  const message = `"${row.operation} is operating in degraded mode …"`;
  if (refused) return `503, ${message}`;
  const normal = ports.length === 0 ? 'normal' : `normal; degraded: ${openPorts(row)}`;
  return atCall === undefined
    ? normal
    : `${normal}; 503, ${message}, when it needs ${kebabCase(atCall[0])}`;
}

function openPorts(row: RoutePolicy): string {
  const open = Object.entries(row.whenRedisDown).filter(([, one]) => !byDefault(one).closed);
  return open.map(([port]) => kebabCase(port)).join(', ');
}

function byDefault(declared: Declared): { closed: boolean; atCall: boolean } {
  const inForce = defaultFallback(declared);
  const closed = inForce.kind === 'failClosed';
  return { closed, atCall: closed && inForce.checkedAt === 'call' };
}

/** A line for each port that a row names. Throws if a port has no note. */
function runbook(): string {
  const rows = serviceRows.flatMap((service) => service.rows);
  const ports = [...new Set(rows.flatMap((row) => Object.keys(declaredFallbacks(row))))].sort();
  const lines = ports.map((port) => {
    const note = portNotes[port];
    if (note === undefined) throw new Error(`scripts/generate/port-notes.ts lacks ${port}`);
    return `| ${kebabCase(port)} | ${note} |`;
  });
  return ['## For operators', '', '| port | while it is down |', '|---|---|', ...lines, ''].join(
    '\n',
  );
}
