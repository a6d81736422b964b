import type { AnyDeclaration } from '@secureconnect/degraded-mode';
import type { Sample } from '@secureconnect/testkit';
import type { ServiceName } from '../support/stack.ts';
import { routeTables } from './tables.ts';

/** A handler, whatever it is given. */
export type Handle = (request: object, ports: object) => Promise<unknown>;

/** A row that is served otherwise than it is declared, and what the suite must say of it. */
export interface Mutation {
  readonly what: string;
  readonly service: ServiceName;
  readonly route: string;
  /** Other fallbacks. */
  readonly alter?: (declared: AnyDeclaration) => AnyDeclaration;
  /** Other fallbacks of ports that other dependencies back. */
  readonly alterDown?: (declared: AnyDeclaration) => AnyDeclaration;
  /** Another handler. */
  readonly handle?: (declared: Handle) => Handle;
  /** Adds the sample whose requests alone are altered, until disposed of. Default: all are. */
  readonly addSample?: () => Disposable;
  readonly said: RegExp;
}

/** Alters a row in the table that its service is started from, until disposed of. */
export function mutated(mutation: Mutation): Disposable {
  const { service, route, alter, alterDown, handle, addSample } = mutation;
  const found = routeTables[service].find((one) => one.policy.route === route);
  if (found === undefined) throw new Error(`there is no row ${route}`);
  const before = { ...found };
  const whenRedisDown = alter?.(found.policy.whenRedisDown) ?? found.policy.whenRedisDown;
  const others = found.policy.whenDown;
  const whenDown = others === undefined ? undefined : (alterDown?.(others) ?? others);
  const policy = { ...found.policy, whenRedisDown, ...(whenDown && { whenDown }) };
  Object.assign(found, { policy });
  if (handle !== undefined) Object.assign(found, { handle: handle(before.handle) });
  using undo = new DisposableStack();
  undo.defer(() => Object.assign(found, before));
  if (addSample !== undefined) undo.use(addSample());
  return undo.move();
}

/** Takes from a sample what it says that it stores, until disposed of. */
export function silenced(sample: Sample): Disposable {
  const before = sample.prepare;
  const prepare: Sample['prepare'] = async (world) => {
    const { effect: _said, ...request } = await before(world);
    return request;
  };
  Object.assign(sample, { prepare });
  return { [Symbol.dispose]: () => Object.assign(sample, { prepare: before }) };
}
