import { IndexedDbStore } from '@secureconnect/client/browser';
import type { RouteUse } from '../../app/route-use.ts';
import { Activity } from './activity.ts';
import { type DemoPerson, openDemoPerson } from './demo-person.ts';

/** Two people of one page with a conversation that both have open. */
export interface Demo {
  readonly ada: DemoPerson;
  readonly bob: DemoPerson;
  readonly activity: Activity;
  readonly onUse: (use: RouteUse) => void;
  readonly close: () => Promise<void>;
}

/** Makes up the two people, or finds those of the last time. @throws what the client throws */
export async function openDemo(baseUrl: string, onError: (error: unknown) => void): Promise<Demo> {
  const activity = new Activity();
  const onUse = (use: RouteUse): void => activity.note(use);
  const isAttentive = (): boolean => document.visibilityState === 'visible';
  const open = (name: string) => {
    const store = new IndexedDbStore(`secureconnect-demo-${name.toLowerCase()}`);
    return openDemoPerson({ name, baseUrl, store, onUse, isAttentive, onError });
  };
  const [ada, bob] = await Promise.all([open('Ada'), open('Bob')]);
  const close = async (): Promise<void> => {
    await Promise.all([ada.close(), bob.close()]);
  };
  try {
    // A pair of users has one direct conversation: the second time it is the same.
    const { conversation_id: id } = await ada.person.client.request('POST /v1/conversations', {
      body: { type: 'direct', participant_ids: [bob.person.me.user_id] },
    });
    await Promise.all([ada, bob].map(({ person }) => person.inbox.load()));
    await Promise.all([ada, bob].map(({ person }) => person.show(id)));
  } catch (error) {
    await close();
    throw error;
  }
  return { ada, bob, activity, onUse, close };
}
