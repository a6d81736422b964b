import { chat } from '@secureconnect/contracts/endpoints';
import { addPeople, removePerson } from '../operations/change-participants.ts';
import { changeRole } from '../operations/change-role.ts';
import { findPeople } from '../operations/find-people.ts';
import { membershipChanged } from '../operations/membership.ts';
import { directoryForNames, fanOutHere, route } from './route.ts';

export const participantRoutes = {
  addParticipants: route(
    chat.addParticipants,
    { ...fanOutHere, ...directoryForNames },
    async ({ user, params, body, context }, { fanOut, directory }) => {
      const people = { idField: 'user_ids', ids: body.user_ids, names: body.participants } as const;
      const found = await findPeople(people, directory, context);
      const { conversation_id: id } = params;
      const { conversation, change } = await addPeople(context.database, id, user.userId, found);
      await membershipChanged(context, fanOut, change);
      return conversation;
    },
  ),
  removeParticipant: route(
    chat.removeParticipant,
    fanOutHere,
    async ({ user, params, context }, { fanOut }) => {
      const { conversation_id: id, user_id: userId } = params;
      const change = await removePerson(context.database, id, user.userId, userId);
      await membershipChanged(context, fanOut, change);
      return { removed: true as const };
    },
  ),
  changeParticipantRole: route(
    chat.changeParticipantRole,
    {},
    async ({ user, params, body, context }) => {
      const { conversation_id: id, user_id: userId } = params;
      return changeRole(context.database, id, user.userId, { userId, role: body.role });
    },
  ),
};
