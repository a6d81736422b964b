import { maxCallees, type NewCall } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { memberIds, membersAmong, outOfReachAmong } from '../stores/membership.ts';
import { outOfReach } from './reach.ts';

/**
 * The callees of a call: the named users, or else everybody else in the conversation. The caller is
 * known to be in it. Throws VALIDATION_ERROR if the callees cannot be called, and FORBIDDEN, naming
 * them, if a block separates some of them from the caller.
 */
export async function calleesOf(sql: Sql, callerId: string, call: NewCall): Promise<string[]> {
  const { conversation_id: conversationId, callee_ids: named, topology = 'mesh' } = call;
  if (named === undefined) {
    return everybodyElse(sql, callerId, conversationId, maxCallees(topology));
  }
  if (named.includes(callerId)) throw wrongCallees('expected users other than yourself');
  const members = await membersAmong(sql, conversationId, named);
  if (named.some((userId) => !members.has(userId))) {
    throw wrongCallees('expected participants of the conversation');
  }
  const unreachable = await outOfReachAmong(sql, callerId, named);
  const fields = named.flatMap((userId, index) =>
    unreachable.has(userId) ? [`body.callee_ids[${index}]`] : [],
  );
  if (fields.length > 0) throw outOfReach(fields);
  return named;
}

async function everybodyElse(
  sql: Sql,
  callerId: string,
  conversationId: string,
  maxOthers: number,
): Promise<string[]> {
  // The caller, the maximum of callees, and one more to detect that there are too many.
  const members = await memberIds(sql, conversationId, maxOthers + 2);
  const others = members.filter((userId) => userId !== callerId);
  if (others.length === 0) throw wrongCallees('expected a conversation with other participants');
  if (others.length > maxOthers) {
    throw wrongCallees(`is required in a conversation of more than ${maxOthers + 1} participants`);
  }
  return others;
}

function wrongCallees(message: string): ApiError {
  const details = [{ field: 'body.callee_ids', message }];
  return new ApiError('VALIDATION_ERROR', `body.callee_ids ${message}`, { details });
}
