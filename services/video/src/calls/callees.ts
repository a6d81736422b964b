import { CALLEES_MAX, type NewCall } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { memberIds, membersAmong } from '../stores/membership.ts';

/**
 * Whom a call goes to: those that it names, else everybody else in the conversation. Throws
 * NOT_FOUND where the caller is not in it, VALIDATION_ERROR where it cannot be called.
 */
export async function calleesOf(sql: Sql, callerId: string, call: NewCall): Promise<string[]> {
  const { conversation_id: conversationId, callee_ids: named } = call;
  const members = await membersAmong(sql, conversationId, [callerId, ...(named ?? [])]);
  if (!members.has(callerId)) throw new ApiError('NOT_FOUND', 'There is no such conversation.');
  if (named === undefined) return everybodyElse(sql, callerId, conversationId);
  if (named.includes(callerId)) throw wrongCallees('expected others than yourself');
  if (named.some((userId) => !members.has(userId))) {
    throw wrongCallees('expected participants of the conversation');
  }
  return named;
}

async function everybodyElse(
  sql: Sql,
  callerId: string,
  conversationId: string,
): Promise<string[]> {
  // The caller, those who can be called, and one more to know that there are too many.
  const members = await memberIds(sql, conversationId, CALLEES_MAX + 2);
  const others = members.filter((userId) => userId !== callerId);
  if (others.length === 0) throw wrongCallees('expected a conversation with somebody else in it');
  if (others.length > CALLEES_MAX) {
    throw wrongCallees(`is required in a conversation of more than ${CALLEES_MAX + 1}`);
  }
  return others;
}

function wrongCallees(message: string): ApiError {
  const details = [{ field: 'body.callee_ids', message }];
  return new ApiError('VALIDATION_ERROR', `body.callee_ids ${message}`, { details });
}
