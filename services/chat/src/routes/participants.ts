import {
  Conversation,
  NewParticipants,
  ParticipantRemoved,
  RoleChange,
} from '@secureconnect/contracts';
import { addPeople, removePerson } from '../change-participants.ts';
import { changeRole } from '../change-role.ts';
import { findPeople } from '../find-people.ts';
import { membershipChanged } from '../membership.ts';
import { directoryForNames, fanOutHere, route } from './route.ts';

const path = '/v1/conversations/:conversation_id/participants';

export const participantRoutes = [
  route.post(
    path,
    {
      operation: 'adding participants',
      summary: 'Adds people to a group; its owner and its admins may',
      auth: 'bearer',
      body: NewParticipants,
      reply: Conversation,
      whenRedisDown: { ...fanOutHere, ...directoryForNames },
    },
    async ({ user, params, body, context }, { fanOut, directory }) => {
      const people = { idField: 'user_ids', ids: body.user_ids, names: body.participants } as const;
      const found = await findPeople(people, directory, context.database);
      const { conversation_id: id } = params;
      const { conversation, change } = await addPeople(context.database, id, user.userId, found);
      await membershipChanged(context, fanOut, change);
      return conversation;
    },
  ),
  route.delete(
    `${path}/:user_id`,
    {
      operation: 'removing participants',
      summary: 'Takes somebody out of a group, or leaves it',
      auth: 'bearer',
      reply: ParticipantRemoved,
      whenRedisDown: fanOutHere,
    },
    async ({ user, params, context }, { fanOut }) => {
      const { conversation_id: id, user_id: userId } = params;
      const change = await removePerson(context.database, id, user.userId, userId);
      await membershipChanged(context, fanOut, change);
      return { removed: true as const };
    },
  ),
  route.patch(
    `${path}/:user_id`,
    {
      operation: 'changing roles',
      summary: 'Gives a participant of a group another role; its owner may, and may hand it over',
      auth: 'bearer',
      body: RoleChange,
      reply: Conversation,
      whenRedisDown: {},
    },
    async ({ user, params, body, context }) => {
      const { conversation_id: id, user_id: userId } = params;
      return changeRole(context.database, id, user.userId, { userId, role: body.role });
    },
  ),
];
