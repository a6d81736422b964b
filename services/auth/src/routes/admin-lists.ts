import type { OutboxEffect } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { countUnfinished, listUnfinished, type UnfinishedEffect } from '@secureconnect/outbox';
import { ApiError } from '@secureconnect/service';
import { listSealedEntries } from '../stores/admin-audit.ts';
import { route } from './route.ts';

const schema = 'auth';
const maxEffects = 100;

const listAudit = route(auth.adminListAudit, {}, async ({ query, context }) => {
  const { user_id: userId, limit } = query;
  const before = placeOf(query.cursor);
  const found = await listSealedEntries(context.database, before, userId, limit + 1);
  const entries = found.slice(0, limit);
  const hasMore = found.length > limit;
  const last = entries.at(-1);
  const next = hasMore && last !== undefined ? String(last.sequence) : null;
  return { entries, next_cursor: next, has_more: hasMore };
});

const getOutbox = route(auth.adminGetOutbox, {}, async ({ context: { database } }) => {
  const [counts, waiting, givenUp] = await Promise.all([
    countUnfinished(database, schema),
    listUnfinished(database, schema, 'pending', maxEffects),
    listUnfinished(database, schema, 'dead', maxEffects),
  ]);
  return {
    waiting: { count: counts.pending, effects: waiting.map(shown) },
    given_up: { count: counts.dead, effects: givenUp.map(shown) },
  };
});

/** The place of the chain before which a page begins. */
function placeOf(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor);
  const message = 'expected the next_cursor of an earlier page';
  throw new ApiError('VALIDATION_ERROR', `query.cursor ${message}`, {
    details: [{ field: 'query.cursor', message }],
  });
}

function shown(effect: UnfinishedEffect): OutboxEffect {
  const isWaiting = effect.state === 'pending';
  return {
    effect_id: effect.effectId,
    kind: effect.kind,
    tries: effect.tries,
    last_error: effect.lastError,
    created_at: effect.createdAt.toISOString(),
    due_at: isWaiting ? effect.dueAt.toISOString() : null,
    given_up_at: isWaiting ? null : (effect.finishedAt?.toISOString() ?? null),
  };
}

export const adminListRoutes = { adminListAudit: listAudit, adminGetOutbox: getOutbox };
