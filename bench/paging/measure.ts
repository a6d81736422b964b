import { beginning, type Position } from '@secureconnect/service';
import type { MessageStore } from '../../services/chat/src/stores/message-store.ts';
import { median, percentile } from '../support/statistics.ts';
import type { Filled } from './fill.ts';

/** Messages a page. */
export const pageSize = 50;
/** Pages at each depth, after some that warm up. */
const samples = 300;
const warmUps = 30;

export interface Whole {
  /** The positions after each page. */
  readonly positions: readonly Position[];
  readonly seconds: number;
}

export interface DepthFigures {
  readonly depth: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Reads a history page by page to its end.
 * @throws Error where a message is missing or comes twice, or times are not in order
 */
export async function readWhole(store: MessageStore, filled: Filled): Promise<Whole> {
  const missing = new Set(filled.ids);
  const positions: Position[] = [beginning];
  const startedAt = performance.now();
  for (let after = beginning; ; ) {
    const page = await store.page(filled.conversationId, after, pageSize);
    for (const message of page) {
      const id = message.message_id;
      const at = new Date(message.created_at);
      if (!missing.delete(id)) throw new Error(`${id} came twice, or was never stored`);
      if (at > after.at) throw new Error(`${id} is not in order`);
      after = { at, id };
    }
    if (page.length < pageSize) break;
    positions.push(after);
  }
  if (missing.size > 0) throw new Error(`${missing.size} messages never came`);
  return { positions, seconds: (performance.now() - startedAt) / 1000 };
}

/** What a page costs after so many messages. Depths take turns, so that a busy moment hits all. */
export async function measureDepths(
  store: MessageStore,
  conversationId: string,
  { positions }: Whole,
  depths: readonly number[],
): Promise<DepthFigures[]> {
  const times = new Map<number, number[]>(depths.map((depth) => [depth, []]));
  for (let turn = -warmUps; turn < samples; turn += 1) {
    for (const [depth, ms] of times) {
      const after = positions[depth / pageSize] ?? beginning;
      const startedAt = performance.now();
      const page = await store.page(conversationId, after, pageSize);
      const took = performance.now() - startedAt;
      if (page.length < pageSize) throw new Error(`the page at ${depth} is not full`);
      if (turn >= 0) ms.push(took);
    }
  }
  return [...times].map(([depth, ms]) => ({
    depth,
    p50Ms: median(ms),
    p99Ms: percentile(ms, 0.99),
  }));
}
