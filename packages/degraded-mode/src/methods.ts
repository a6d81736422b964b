import { choicesOf, type Declared } from './fallback.ts';
import type { Port } from './port.ts';

/** A port's method as the binding sees it; the types are kept by `PortsOf`. */
type Method = (this: unknown, ...values: unknown[]) => Promise<unknown>;

/** The keys of a port that are no fallbacks. */
const backing = ['redis', 'dependency', 'primary', 'isLease'];

/** The names of the methods that an object has, its own and those of its classes. */
export function methodNames(implementation: object): string[] {
  const names = new Set<string>();
  let owner: unknown = implementation;
  while (typeof owner === 'object' && owner !== null && owner !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (name === 'constructor') continue;
      const value: unknown = Reflect.getOwnPropertyDescriptor(owner, name)?.value;
      if (typeof value === 'function') names.add(name);
    }
    owner = Object.getPrototypeOf(owner);
  }
  return [...names];
}

export function methodOf(implementation: object, name: string): Method {
  const method: unknown = Reflect.get(implementation, name);
  if (typeof method !== 'function') throw new Error(`a port's fallback lacks the method ${name}`);
  return method as Method;
}

/**
 * Throws if the port lacks a declared fallback, so that an error that the types did not catch stops
 * the process at its start, not in an outage.
 */
export function checkPort(route: string, name: string, port: Port, declared: Declared): void {
  const fallbacks =
    declared.kind === 'bySetting' ? choicesOf(declared).map(([, one]) => one) : [declared];
  for (const { kind } of fallbacks) {
    if (kind === 'failClosed' || port[kind] !== undefined) continue;
    const own = Object.keys(port).filter((key) => !backing.includes(key));
    const can = ['failClosed', ...own].join(', ');
    throw new Error(`${route}: the port ${name} cannot do ${kind}; it can do ${can}`);
  }
}
