import type { RequestOf } from '@secureconnect/client';

export type DrilledService = RequestOf<'POST /v1/admin/drills'>['body']['services'][number];

/** The ports that a drill may name, by dependency and service: those of the route tables. */
export const drillTargets = {
  redis: {
    gateway: ['deduplication', 'rate-limit', 'revocations', 'storms'],
    auth: [
      'blacklist',
      'directory',
      'drills',
      'failed-logins',
      'key-notices',
      'new-sessions',
      'reset-tokens',
      'revocations',
      'sessions',
    ],
    chat: ['directory', 'fan-out', 'presence', 'revocations'],
    video: ['fan-out', 'push', 'revocations'],
  },
  message_store: { chat: ['messages'] },
  auth: { gateway: ['auth-service'] },
  chat: { gateway: ['chat-service'] },
  video: { gateway: ['video-service'] },
  storage: { gateway: ['storage-service'] },
  object_store: { storage: ['objects', 'removals'] },
  remediation_store: { gateway: ['remediation-requests'] },
  scan_hook: { storage: ['scans'] },
} as const satisfies Record<string, Partial<Record<DrilledService, readonly string[]>>>;

export type Dependency = keyof typeof drillTargets;

export const dependencyNames: Readonly<Record<Dependency, string>> = {
  redis: 'Redis',
  object_store: 'the object store (storage)',
  message_store: 'Cassandra (chat)',
  auth: 'the way to auth (gateway)',
  chat: 'the way to chat (gateway)',
  video: 'the way to video (gateway)',
  storage: 'the way to storage (gateway)',
  remediation_store: 'the store of remediation requests (gateway)',
  scan_hook: 'the scan hook (storage)',
};

/** The name of a dependency; one that is newer than this page has only its own. */
export function dependencyName(dependency: string): string {
  return new Map(Object.entries(dependencyNames)).get(dependency) ?? dependency;
}

/** What a drill lets fail. */
export interface DrillTarget {
  readonly dependency: Dependency;
  readonly services: readonly DrilledService[];
  /** Empty: all instances. Of one service only. */
  readonly instance: string;
  /** Empty: everything that uses the dependency. Of one service only. */
  readonly port: string;
}

export const firstTarget: DrillTarget = {
  ...{ dependency: 'redis', services: ['chat'], instance: '', port: '' },
};

/** The services that have a dependency. */
export function servicesWith(dependency: Dependency): readonly DrilledService[] {
  return Object.keys(drillTargets[dependency]) as DrilledService[];
}

/** The ports of one service with a dependency; none where several services are chosen. */
export function portsOf({ dependency, services }: DrillTarget): readonly string[] {
  const [service, ...more] = services;
  if (service === undefined || more.length > 0) return [];
  const ports: Partial<Record<DrilledService, readonly string[]>> = drillTargets[dependency];
  return ports[service] ?? [];
}

/** A target of a different dependency: its service is chosen where only one has it. */
export function withDependency(dependency: Dependency): DrillTarget {
  const services = servicesWith(dependency);
  const isOne = services.length === 1;
  return { ...firstTarget, dependency, services: isOne ? services : firstTarget.services };
}

/** The same target with a service more, or without it. */
export function withToggled(target: DrillTarget, service: DrilledService): DrillTarget {
  const { dependency, services } = target;
  const chosen = servicesWith(dependency).filter(
    (each) => services.includes(each) !== (each === service),
  );
  // Instances and ports are those of one service.
  return { dependency, services: chosen, instance: '', port: '' };
}
