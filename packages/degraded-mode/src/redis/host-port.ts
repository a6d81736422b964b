/** A host and a port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Maps the names that servers announce (`host:port`) to addresses that this process can reach. */
export type NatMap = Readonly<Record<string, HostPort>>;

/** `host:port`, as clients and sentinels name a server. */
export function nameOf({ host, port }: HostPort): string {
  return `${host}:${port}`;
}
