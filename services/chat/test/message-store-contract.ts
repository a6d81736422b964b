import { afterAll, beforeAll, describe } from 'vitest';
import type { MessageStore } from '../src/stores/message-store.ts';
import { describeAdding } from './message-store/adding.ts';
import { describeChanging } from './message-store/changing.ts';
import { describeErasing } from './message-store/erasing.ts';
import { describeEvents } from './message-store/events.ts';
import { describePaging } from './message-store/paging.ts';
import type { OpenStore } from './message-store/scene.ts';
import { describeSearching } from './message-store/searching.ts';
import { describeTakingBack } from './message-store/taking-back.ts';

/** Some of the tests store thousands of messages. */
const timeout = 90_000;

/**
 * What every message store promises. `leftOut` says why this one cannot be tested here; '' where it
 * can.
 */
export function describeMessageStore(
  name: string,
  open: () => Promise<OpenStore>,
  leftOut = '',
): void {
  describe.skipIf(leftOut !== '')(`the message store in ${name}${leftOut}`, { timeout }, () => {
    let opened: OpenStore;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened[Symbol.asyncDispose]());
    const store = (): MessageStore => opened.store;

    describeAdding(store);
    describeChanging(store);
    describePaging(store);
    describeSearching(store);
    describeEvents(store);
    describeErasing(store, (conversationId) => opened.rawLog(conversationId));
    describeTakingBack(store, (conversationId) => opened.rawLog(conversationId));
  });
}
