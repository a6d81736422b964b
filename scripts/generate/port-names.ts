import { declaredFallbacks, kebabCase, redisName } from '@secureconnect/degraded-mode';
import type { Generator } from './generator.ts';
import { type ServiceRows, serviceRows } from './service-rows.ts';

/** The formatter's, so that the file needs no formatting. */
const lineWidth = 100;

const introduction = `// Written by \`npm run generate\` from the route tables.

/** The ports of each service that declare what happens without a dependency, by its name. */
`;

/** The names of ports, for requests that name one. */
export const portNames: Generator = {
  file: 'packages/contracts/src/port-names.ts',
  async render() {
    const services = serviceRows
      .map(({ service, rows }) => ({ service, ports: portsOf(rows) }))
      .filter(({ ports }) => ports.size > 0)
      .map(({ service, ports }) => block(service, ports));
    return `${introduction}export const portNames = {\n${services.join('\n')}\n} as const;\n`;
  },
};

/** The names of ports by the dependency that backs them. */
function portsOf(rows: ServiceRows['rows']): ReadonlyMap<string, readonly string[]> {
  const backed = rows.flatMap((row) =>
    Object.keys(declaredFallbacks(row)).map((port) => ({
      dependency: row.backedBy?.[port] ?? redisName,
      port: kebabCase(port),
    })),
  );
  const names = [...new Set(backed.map(({ dependency }) => dependency))].sort();
  return new Map(
    names.map((name) => {
      const ports = backed.filter(({ dependency }) => dependency === name).map(({ port }) => port);
      return [name, [...new Set(ports)].sort()];
    }),
  );
}

function block(service: string, ports: ReadonlyMap<string, readonly string[]>): string {
  const lines = [...ports].map(([dependency, names]) => property(dependency, names));
  return [`  ${service}: {`, ...lines, '  },'].join('\n');
}

function property(dependency: string, ports: readonly string[]): string {
  const quoted = ports.map((port) => `'${port}'`);
  const line = `    ${dependency}: [${quoted.join(', ')}],`;
  if (line.length <= lineWidth) return line;
  return [`    ${dependency}: [`, ...quoted.map((port) => `      ${port},`), '    ],'].join('\n');
}
