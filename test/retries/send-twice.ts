import type { Database } from '@secureconnect/postgres';
import type { SampleWorld } from '@secureconnect/testkit';
import type { Case } from '../conformance/cases.ts';
import { effectsOf, timesHappened } from '../conformance/effects.ts';
import { sendSample } from '../conformance/send-sample.ts';

/** What becomes of a request that is sent again, after the first one has succeeded. */
export type SentAgain = 'the same' | 'refused' | 'twice';

/**
 * Sends the request of a sample twice, and says what became of the second one, by its status and by
 * what is stored. Undefined where the sample says nothing of what it stores.
 */
export async function sendTwice(
  { method, sample }: Case,
  { baseUrl, world, database }: { baseUrl: string; world: SampleWorld; database: Database },
): Promise<SentAgain | undefined> {
  const request = await sample.prepare(world);
  const effects = effectsOf(method, request) ?? [];
  if (effects.length === 0) return undefined;
  const first = await sendSample(baseUrl, method, request);
  if (first.status !== sample.status) throw new Error(`the first one: ${first.text}`);
  const second = await sendSample(baseUrl, method, request);
  const happened = await timesHappened(database, effects);
  // What counts a sum, as of bytes, has happened with another one.
  if (happened.some((times) => times !== 1)) return 'twice';
  return second.status < 400 ? 'the same' : 'refused';
}
