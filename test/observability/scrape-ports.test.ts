import { join } from 'node:path';
import { readGatewayConfig } from '@secureconnect/gateway';
import { describe, expect, it } from 'vitest';
import { prometheusFolder, readYaml, root } from './deployed.ts';

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly ports?: readonly string[];
        readonly environment?: Readonly<Record<string, string | number>>;
      }
    >
  >;
}
interface Prometheus {
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly dns_sd_configs: readonly {
      readonly names: readonly string[];
      readonly port: number;
    }[];
  }[];
}

const { services } = readYaml<Compose>(join(root, 'docker-compose.yml'));
const { scrape_configs } = readYaml<Prometheus>(join(prometheusFolder, 'prometheus.yml'));
const scraped = new Map(
  scrape_configs
    .filter(({ job_name }) => job_name === 'secureconnect')
    .flatMap(({ dns_sd_configs }) => dns_sd_configs)
    .map(({ names: [name = ''], port }) => [name, port]),
);

/** The ports of a container that are published, each with the address that they are published at. */
function published(service: string): Map<number, string> {
  const ports = services[service]?.ports ?? [];
  return new Map(
    ports.map((entry) => {
      const [, address = '', inside] = /^(.*):\$\{\w+:-\d+\}:(\d+)$/.exec(entry) ?? [];
      return [Number(inside), address];
    }),
  );
}

describe('in docker-compose.yml', () => {
  it('Prometheus scrapes each service on a port that it has', () => {
    expect([...scraped.keys()].toSorted()).toEqual([
      'api-gateway',
      'auth-service',
      'chat-service',
      'storage-service',
      'video-service',
    ]);
    for (const [name, port] of scraped) {
      expect([...published(name).keys()], name).toContain(port);
    }
  });

  it('the gateway serves its metrics there, in production, and not to its clients', () => {
    const environment = services['api-gateway']?.environment ?? {};
    const { metrics } = readGatewayConfig({
      ...Object.fromEntries(
        Object.entries(environment)
          .filter(([, value]) => !String(value).includes('$'))
          .map(([name, value]) => [name, String(value)]),
      ),
      DATABASE_URL: 'postgresql://127.0.0.1/x',
      REDIS_URL: 'redis://127.0.0.1',
      JWT_SECRET: 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn',
      SIGNALS_TOKEN: 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn',
    });
    expect(metrics).toEqual({ port: scraped.get('api-gateway'), token: undefined, open: false });
    expect(published('api-gateway').get(9464)).toBe('127.0.0.1');
    expect(published('api-gateway').get(8080)).toContain('PUBLISH_ADDRESS');
  });

  it('every service with sockets knows the pages that may open them', () => {
    for (const name of ['api-gateway', 'chat-service', 'video-service']) {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose replaces it
      expect(services[name]?.environment?.['CORS_ORIGINS'], name).toBe('${CORS_ORIGINS:-}');
    }
  });
});
