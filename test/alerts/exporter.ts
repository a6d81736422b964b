import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestRule } from '@secureconnect/testkit';
import type { Alarm } from './alarm.ts';

/** What Prometheus scrapes: one gauge for each alarm, 1 while that is to fire. */
export interface Exporter extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly address: string;
  set(alarms: readonly Alarm[], value: 0 | 1): void;
}

const gauge = 'failing';

export async function startExporter(): Promise<Exporter> {
  const values = new Map<Alarm, 0 | 1>();
  const server = createServer((_request, response) => {
    const lines = [...values].map(([{ alertname, namespace, pod }, value]) => {
      const labels = `alarm="${alertname}",namespace="${namespace}",pod="${pod}"`;
      return `${gauge}{${labels}} ${value}\n`;
    });
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`# TYPE ${gauge} gauge\n${lines.join('')}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (alarms, value) => {
      for (const alarm of alarms) values.set(alarm, value);
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The rule by which an alarm of the exporter fires. */
export function ruleOf({ alertname }: Alarm): TestRule {
  const expr = `${gauge}{alarm="${alertname}"} == 1`;
  return { alert: alertname, expr, labels: { severity: 'critical' } };
}
