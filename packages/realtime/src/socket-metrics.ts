import { counter, gauge, type ServiceMetrics } from '@secureconnect/service';

export interface SocketMetrics {
  opened(): void;
  closed(code: number): void;
  received(): void;
  sent(): void;
  slowConsumer(): void;
}

/** The metrics of the sockets of one process. */
export function createSocketMetrics(metrics: ServiceMetrics): SocketMetrics {
  const open = gauge(metrics, {
    name: 'websocket_connections_open',
    help: 'Open sockets',
  });
  const frames = counter(metrics, {
    name: 'websocket_frames_total',
    help: 'Frames received from and sent to clients',
    labelNames: ['direction'],
  });
  const closes = counter(metrics, {
    name: 'websocket_closes_total',
    help: 'Closed sockets, by close code (1006: the connection broke)',
    labelNames: ['code'],
  });
  const slowConsumers = counter(metrics, {
    name: 'websocket_slow_consumers_total',
    help: 'Sockets closed because their client did not read fast enough',
  });
  for (const direction of ['in', 'out'] as const) frames.inc({ direction }, 0);
  return {
    opened: () => open.inc(),
    closed: (code) => {
      open.dec();
      closes.inc({ code });
    },
    received: () => frames.inc({ direction: 'in' }),
    sent: () => frames.inc({ direction: 'out' }),
    slowConsumer: () => slowConsumers.inc(),
  };
}
