import { DeletionCancelled, DeletionRequested } from '../../account-deletion.ts';
import { endpoint } from '../../endpoint.ts';

const limit = { bucket: 'account-deletion', perMinute: 5, countedBy: 'user' } as const;

export const deleteOwnAccount = endpoint({
  route: 'DELETE /v1/users/me',
  id: 'deleteOwnAccount',
  action: 'deleting an account',
  tag: 'Account',
  summary: 'Delete your account; every session ends at once',
  description:
    'Requires a recent sign-in or step-up. Your messages, files and calls are erased; the messages of others stay.',
  auth: 'bearer',
  reply: DeletionRequested,
  status: 202,
  errors: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
  limit,
});

export const cancelAccountDeletion = endpoint({
  route: 'DELETE /v1/users/me/deletion',
  id: 'cancelAccountDeletion',
  action: 'cancelling the deletion of an account',
  tag: 'Account',
  summary: 'Cancel the deletion of your account within its grace period',
  description:
    'Log in first, because the request for the deletion ended your sessions. `cancelled` is false if there was no deletion to cancel.',
  auth: 'bearer',
  reply: DeletionCancelled,
  errors: [],
  limit,
});
