import { randomUUID } from 'node:crypto';
import { type Database, repeatWhileFull, type Sql } from '@secureconnect/postgres';
import type { Effect } from './effect.ts';
import { outboxTable } from './table.ts';

/** An effect that this process has leased. */
export interface LeasedEffect extends Effect<unknown> {
  /** Identifies the lease: a later one has a different id. */
  readonly leaseId: string;
}

export interface Claim {
  readonly kind: string;
  readonly maxEffects: number;
  readonly leaseSeconds: number;
  /**
   * Waits for rows that others have locked instead of skipping them. SKIP LOCKED may pass over rows
   * that are free (CockroachDB), so an occasional claim does without.
   */
  readonly isSweep: boolean;
}

interface ClaimedRow {
  readonly effect_id: string;
  readonly idempotency_key: string;
  readonly payload: unknown;
  readonly tries: number;
}

/** The statements of the workers on one outbox. */
export class OutboxStore {
  readonly #database: Database;
  readonly #table: string;

  constructor(database: Database, schema: string) {
    this.#database = database;
    this.#table = outboxTable(schema);
  }

  /**
   * Leases due effects, longest due first. Committed before it returns, so a delivery never depends
   * on a transaction that may be retried. READ COMMITTED: see docs/adr/0023.
   */
  async claim({ kind, maxEffects, leaseSeconds, isSweep }: Claim): Promise<LeasedEffect[]> {
    const leaseId = randomUUID();
    const rows = await this.#database.transaction(
      (sql) =>
        sql.query<ClaimedRow>(
          `WITH due AS MATERIALIZED (
             SELECT effect_id FROM ${this.#table}
             WHERE state = 'pending' AND kind = $1 AND due_at <= now()
             ORDER BY due_at LIMIT $2 FOR UPDATE ${isSweep ? '' : 'SKIP LOCKED'})
           UPDATE ${this.#table} AS o
           SET due_at = now() + $3 * interval '1 second', tries = o.tries + 1, lease_id = $4
           FROM due WHERE o.effect_id = due.effect_id
           RETURNING o.effect_id, o.idempotency_key, o.payload, o.tries`,
          [kind, maxEffects, leaseSeconds, leaseId],
        ),
      { isolation: 'READ COMMITTED' },
    );
    return rows.map((row) => ({
      effectId: row.effect_id,
      idempotencyKey: row.idempotency_key,
      payload: row.payload,
      tries: Number(row.tries),
      leaseId,
    }));
  }

  /** Extends leases; returns the ids of the effects whose lease was still held. */
  async extend(leased: readonly LeasedEffect[], leaseSeconds: number): Promise<Set<string>> {
    const rows = await this.#database.query<{ effect_id: string }>(
      `UPDATE ${this.#table} SET due_at = now() + $3 * interval '1 second'
       WHERE effect_id = ANY($1) AND lease_id = ANY($2) AND state = 'pending' RETURNING effect_id`,
      [leased.map((one) => one.effectId), leased.map((one) => one.leaseId), leaseSeconds],
    );
    return new Set(rows.map((row) => row.effect_id));
  }

  /**
   * Marks a delivered effect as done, even if the lease has been lost meanwhile. Erases the
   * payload.
   */
  async complete({ effectId }: LeasedEffect): Promise<void> {
    await this.#database.execute(
      `UPDATE ${this.#table}
       SET state = 'done', finished_at = now(), payload = NULL, lease_id = NULL, last_error = NULL
       WHERE effect_id = $1 AND state = 'pending'`,
      [effectId],
    );
  }

  /** Ends a failed attempt, or a claim that was none. The effect is due again after the pause. */
  async postpone(
    { effectId, leaseId }: LeasedEffect,
    { pauseSeconds, reason, isAttempt }: Postponement,
  ): Promise<void> {
    await this.#database.execute(
      `UPDATE ${this.#table}
       SET due_at = now() + $3 * interval '1 second', lease_id = NULL, last_error = $4,
         tries = tries - $5
       WHERE effect_id = $1 AND lease_id = $2 AND state = 'pending'`,
      [effectId, leaseId, pauseSeconds, reason, isAttempt ? 0 : 1],
    );
  }

  /** Gives a lease back without an attempt: a different process may have it at once. */
  async release({ effectId, leaseId }: LeasedEffect): Promise<void> {
    await this.#database.execute(
      `UPDATE ${this.#table} SET due_at = now(), tries = tries - 1, lease_id = NULL
       WHERE effect_id = $1 AND lease_id = $2 AND state = 'pending'`,
      [effectId, leaseId],
    );
  }

  /** Makes it a dead letter, which keeps its payload so that it can be retried. */
  async bury({ effectId, leaseId }: LeasedEffect, reason: string): Promise<void> {
    await this.#database.execute(
      `UPDATE ${this.#table}
       SET state = 'dead', finished_at = now(), lease_id = NULL, last_error = $3
       WHERE effect_id = $1 AND lease_id = $2 AND state = 'pending'`,
      [effectId, leaseId, reason],
    );
  }

  /**
   * Removes effects that were done or dead for too long: statement by statement, as there may be more
   * of them than one can remove in its time, until none is left or the bound is reached.
   */
  async remove(
    { doneDays, deadDays }: { readonly doneDays: number; readonly deadDays: number },
    { maxRows, maxStatements }: RemovalBounds,
  ): Promise<void> {
    const removeSome = () =>
      this.#database.execute(
        `DELETE FROM ${this.#table} WHERE effect_id IN (
           SELECT effect_id FROM ${this.#table}
           WHERE (state = 'done' AND finished_at < now() - $1 * interval '1 day')
              OR (state = 'dead' AND finished_at < now() - $2 * interval '1 day') LIMIT $3)`,
        [doneDays, deadDays, maxRows],
      );
    await repeatWhileFull(maxRows, removeSome, maxStatements);
  }

  /** The number of waiting effects, by kind. */
  measure(): Promise<Measured[]> {
    return measure(this.#database, this.#table);
  }
}

interface RemovalBounds {
  /** Per statement. */
  readonly maxRows: number;
  readonly maxStatements: number;
}

interface Postponement {
  readonly pauseSeconds: number;
  readonly reason: string;
  /** False if nothing was tried; the effect then keeps the attempt. */
  readonly isAttempt: boolean;
}

export interface Measured {
  readonly kind: string;
  readonly pending: number;
  readonly dead: number;
  /** Seconds for which the effect that has been due for longest has been due; 0 if none is. */
  readonly oldestDueSeconds: number;
  /** Age of the oldest effect that was tried and is not delivered, in seconds. */
  readonly oldestUndeliveredSeconds: number;
}

async function measure(sql: Sql, table: string): Promise<Measured[]> {
  const rows = await sql.query<Record<keyof Measured, string>>(
    `SELECT kind,
       count(*) FILTER (WHERE state = 'pending') AS pending,
       count(*) FILTER (WHERE state = 'dead') AS dead,
       coalesce(extract(epoch FROM now() - min(due_at)
         FILTER (WHERE state = 'pending' AND due_at <= now())), 0) AS "oldestDueSeconds",
       coalesce(extract(epoch FROM now() - min(created_at)
         FILTER (WHERE state = 'pending' AND tries > 0)), 0) AS "oldestUndeliveredSeconds"
     FROM ${table} WHERE state <> 'done' GROUP BY kind`,
  );
  return rows.map((row) => ({
    kind: row.kind,
    pending: Number(row.pending),
    dead: Number(row.dead),
    oldestDueSeconds: Number(row.oldestDueSeconds),
    oldestUndeliveredSeconds: Number(row.oldestUndeliveredSeconds),
  }));
}
