import { openCalls } from '@secureconnect/client/calls';
import { CallDesk } from './call-desk.ts';
import { Person, type PersonOptions } from './person.ts';

/** A person, and the calls that ring on this page. */
export interface OpenPerson {
  readonly person: Person;
  readonly calls: CallDesk;
  readonly close: () => Promise<void>;
}

/** Opens the conversations and the calls of the signed-in user. @throws what the client throws */
export async function openPerson(options: PersonOptions): Promise<OpenPerson> {
  const { client, onError } = options;
  const person = await Person.open(options);
  const calls = new CallDesk();
  const close = async (): Promise<void> => {
    calls.close();
    await person.close();
  };
  try {
    calls.serve(await openCalls(client, { onIncoming: (call) => calls.ring(call), onError }));
  } catch (error) {
    await close();
    throw error;
  }
  return { person, calls, close };
}
