import { type SampleUser, textField } from '@secureconnect/testkit';
import type { Outcome, Trial } from './trial.ts';

const group = (...people: SampleUser[]) => ({
  ...{ type: 'group', title: 'New', participant_ids: people.map(({ userId }) => userId) },
});

/** All of them must have the same outcome. */
async function same(...outcomes: readonly Promise<Outcome>[]): Promise<Outcome> {
  const [first, ...rest] = await Promise.all(outcomes);
  if (first === undefined || rest.some((one) => one !== first)) {
    throw new Error(`different outcomes: ${[first, ...rest].join(', ')}`);
  }
  return first;
}

async function seen(trial: Trial, viewer: SampleUser, who: SampleUser): Promise<Outcome> {
  await trial.data('chat', who, 'POST', '/v1/presence', { online: true });
  const { presence } = await trial.data(
    'chat',
    viewer,
    'GET',
    `/v1/presence?user_ids=${who.userId}`,
  );
  const isOnline = JSON.stringify(presence).includes('"status":"online"');
  return isOnline ? 'allowed' : 'hidden';
}

/** What a profile says of somebody who set their status, by every way to it. */
async function profileSeen(trial: Trial, viewer: SampleUser, who: SampleUser): Promise<Outcome> {
  await trial.data('auth', who, 'PATCH', '/v1/users/me', { status: 'online' });
  const shown = await Promise.all(
    [who.userId, `lookup?username=${who.username}`].map((path) =>
      trial.data('auth', viewer, 'GET', `/v1/users/${path}`),
    ),
  );
  const statuses = new Set(shown.map(({ status }) => status));
  if (statuses.size !== 1) throw new Error(`different statuses: ${[...statuses].join(', ')}`);
  return statuses.has('online') ? 'allowed' : 'hidden';
}

async function added(
  trial: Trial,
  actor: SampleUser,
  who: SampleUser,
  eve: SampleUser,
): Promise<Outcome> {
  const create = '/v1/conversations';
  const made = await trial.data('chat', actor, 'POST', create, group(eve));
  const path = `/v1/conversations/${textField(made, 'conversation_id')}/participants`;
  return same(
    trial.outcomeOf('chat', actor, 'POST', create, group(eve, who)),
    trial.outcomeOf('chat', actor, 'POST', path, { user_ids: [who.userId] }),
  );
}

const found = (
  trial: Trial,
  asker: SampleUser,
  { userId, email, username }: SampleUser,
): Promise<Outcome> =>
  same(
    trial.outcomeOf('auth', asker, 'GET', `/v1/users/${userId}`),
    trial.outcomeOf('auth', asker, 'GET', `/v1/users/lookup?username=${username}`),
    trial.outcomeOf('auth', asker, 'GET', `/v1/users/lookup?email=${encodeURIComponent(email)}`),
  );

const direct = (trial: Trial, asker: SampleUser, { userId }: SampleUser): Promise<Outcome> =>
  trial.outcomeOf('chat', asker, 'POST', '/v1/conversations', {
    ...{ type: 'direct', participant_ids: [userId] },
  });

/** `ada` has blocked `bob`. */
export const elsewhere: Readonly<
  Record<
    string,
    (trial: Trial, ada: SampleUser, bob: SampleUser, eve: SampleUser) => Promise<Outcome>
  >
> = {
  'start their direct conversation': (trial, ada, bob) =>
    same(direct(trial, ada, bob), direct(trial, bob, ada)),
  'add the blocked user to a group': (trial, ada, bob, eve) => added(trial, ada, bob, eve),
  'add the blocker to a group': (trial, ada, bob, eve) => added(trial, bob, ada, eve),
  'see whether the blocker is online': (trial, ada, bob) => seen(trial, bob, ada),
  'see whether the blocked user is online': (trial, ada, bob) => seen(trial, ada, bob),
  'see the status in the profile of the blocker': (trial, ada, bob) => profileSeen(trial, bob, ada),
  'see the status in the profile of the blocked user': (trial, ada, bob) =>
    profileSeen(trial, ada, bob),
  'look up the other by name, address or id': (trial, ada, bob) =>
    same(found(trial, ada, bob), found(trial, bob, ada)),
};
