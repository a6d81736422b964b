import { z } from 'zod';
import type { Delivery } from './hub.ts';

const BusDelivery = z.object({
  id: z.string(),
  room: z.string(),
  frame: z.record(z.string(), z.unknown()),
  about: z.object({ id: z.string(), ends: z.boolean() }).exactOptional(),
  exceptSocket: z.string().exactOptional(),
  toUser: z.string().exactOptional(),
  exceptUsers: z.array(z.string()).exactOptional(),
  maxMembers: z.number().exactOptional(),
});

/** The previous version reads `delivery` alone; its log brings it the others. */
const Envelope = z.object({
  instance: z.string(),
  delivery: BusDelivery,
  more: z.array(BusDelivery).exactOptional(),
});

/** The text that carries deliveries to the other instances, in their order. */
export function envelopeOf(instance: string, deliveries: readonly Delivery[]): string {
  const [delivery, ...more] = deliveries;
  return JSON.stringify({ instance, delivery, ...(more.length === 0 ? {} : { more }) });
}

/** The beginning of each text of an instance, and of no other. */
export function envelopeStart(instance: string): string {
  return JSON.stringify({ instance }).slice(0, -1);
}

/** The deliveries of a text; undefined if it is no envelope of ours. */
export function readEnvelope(text: string): readonly Delivery[] | undefined {
  try {
    const { delivery, more = [] } = Envelope.parse(JSON.parse(text));
    return [delivery, ...more];
  } catch {
    return undefined;
  }
}
