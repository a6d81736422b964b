import type { RowBinding } from './binding.ts';
import type { PortsOf, PortTable } from './port.ts';
import { declaredFallbacks } from './route-policy.ts';

/** The ports of a row beside those of the rows before it, for the handlers of one request. */
export function beside<P extends PortTable, W>(
  earlier: object | null | undefined,
  { policy }: RowBinding<P, W>,
  ports: PortsOf<P, W>,
): PortsOf<P, W> {
  const all = earlier ?? {};
  for (const name of Object.keys(declaredFallbacks(policy))) {
    const get = (): unknown => Reflect.get(ports as object, name);
    Object.defineProperty(all, name, { get, enumerable: true, configurable: true });
  }
  return all as PortsOf<P, W>;
}
