import { randomUUID } from 'node:crypto';
import type { Sql } from '@secureconnect/postgres';
import type { EffectKind } from './effect.ts';
import { outboxTable } from './table.ts';

/** An effect to be delivered once its transaction has committed. */
export interface NewEffect<Payload> {
  /**
   * Identifies the cause, in at most 200 characters: of two effects of one kind with the same key,
   * only the first is written.
   */
  readonly key: string;
  /**
   * Erased when the effect is delivered. A secret does not belong here: create it at delivery, and
   * store its hash.
   */
  readonly payload: Payload;
  /** The user whom the effect is about, so that it can be removed with them. */
  readonly ownerId?: string;
  /** Default 0. */
  readonly delaySeconds?: number;
}

const maxKeyLength = 200;
const maxPayloadBytes = 65_536;

/**
 * Writes an effect into the outbox of a schema. Call it in the transaction of the cause: the effect
 * is then delivered if, and only if, that transaction commits. Returns the id of the effect, or
 * undefined if its key is known.
 * @throws RangeError for a key or a payload that is too long
 * @throws ZodError for a payload that does not have the form of its kind
 */
export async function writeEffect<Payload>(
  sql: Sql,
  schema: string,
  kind: EffectKind<Payload>,
  { key, payload, ownerId, delaySeconds = 0 }: NewEffect<Payload>,
): Promise<string | undefined> {
  if (key === '' || key.length > maxKeyLength) {
    throw new RangeError(`a key has ${key.length} characters; expected 1 to ${maxKeyLength}`);
  }
  const text = JSON.stringify(kind.payload.parse(payload));
  const bytes = Buffer.byteLength(text);
  if (bytes > maxPayloadBytes) {
    throw new RangeError(`a payload has ${bytes} bytes; expected at most ${maxPayloadBytes}`);
  }
  const effectId = randomUUID();
  const written = await sql.execute(
    `INSERT INTO ${outboxTable(schema)} (effect_id, kind, idempotency_key, payload, owner_id, due_at)
     VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')
     ON CONFLICT (kind, idempotency_key) DO NOTHING`,
    [effectId, kind.name, key, text, ownerId ?? null, delaySeconds],
  );
  return written === 1 ? effectId : undefined;
}
