import { kebabCase } from '@secureconnect/degraded-mode';
import type { Generator } from './generator.ts';
import { type ServiceRows, serviceRows } from './service-rows.ts';

/** The formatter's, so that the file needs no formatting. */
const lineWidth = 100;

const introduction = `// Written by \`npm run generate\` from the route tables.

/** The ports of each service that declare what happens without their dependency. */
`;

/** The names of ports, for requests that name one. */
export const portNames: Generator = {
  file: 'packages/contracts/src/port-names.ts',
  async render() {
    const lines = serviceRows
      .map(({ service, rows }) => ({ service, ports: portsOf(rows) }))
      .filter(({ ports }) => ports.length > 0)
      .map(({ service, ports }) => property(service, ports));
    return `${introduction}export const portNames = {\n${lines.join('\n')}\n} as const;\n`;
  },
};

function portsOf(rows: ServiceRows['rows']): string[] {
  const names = rows.flatMap(({ whenRedisDown }) => Object.keys(whenRedisDown));
  return [...new Set(names)].map(kebabCase).sort();
}

function property(service: string, ports: readonly string[]): string {
  const quoted = ports.map((port) => `'${port}'`);
  const line = `  ${service}: [${quoted.join(', ')}],`;
  if (line.length <= lineWidth) return line;
  return [`  ${service}: [`, ...quoted.map((port) => `    ${port},`), '  ],'].join('\n');
}
