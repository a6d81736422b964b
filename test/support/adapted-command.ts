import type { StartedStack } from './started-stack.ts';

const documentedPorts = { gateway: 8080, auth: 8081, chat: 8082, video: 8083, storage: 8084 };
/** Of the gateway's metrics, as docker-compose.yml and Kubernetes have them. */
const documentedMetricsPort = 9464;

/** A documented command as it must be for a stack that runs beside the reader's own. */
export function adapted(command: string, stack: StartedStack): string {
  const ports = [
    ...Object.entries(documentedPorts).map(
      ([name, port]) => [port, stack.ports[name as keyof typeof documentedPorts]] as const,
    ),
    [documentedMetricsPort, stack.metricsPort ?? documentedMetricsPort] as const,
  ];
  const loop = /\bfor port in (?<ports>[\d ]+);/.exec(command)?.groups?.['ports'] ?? '';
  const own = loop.split(' ').map((port) => String(new Map(ports).get(Number(port)) ?? port));
  return ports
    .reduce(
      (text, [port, actual]) => text.replaceAll(`localhost:${port}`, `127.0.0.1:${actual}`),
      command,
    )
    .replace(loop, own.join(' '))
    .replaceAll('localhost:$port', '127.0.0.1:$port')
    .replaceAll('.data/', `${stack.dataDirectory}/`);
}
