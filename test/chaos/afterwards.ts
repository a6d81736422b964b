import { randomUUID } from 'node:crypto';
import { eventually, textField } from '@secureconnect/testkit';
import { ChatSocketClient } from './chat-socket.ts';
import type { Cluster } from './cluster.ts';
import { newClient } from './crowd.ts';
import type { CrowdOptions } from './crowd-options.ts';
import type { OperationName } from './declared.ts';
import type { History, StoredMessage } from './history.ts';
import { loseSignaling } from './signaling-socket.ts';
import { Account } from './users/account.ts';
import { deliverOne } from './users/alert-sender.ts';
import { acceptFriend, askFriend, endFriendship, noteFriends } from './users/befrienders.ts';
import { postMessage } from './users/chatter.ts';
import { FactorAccount } from './users/factor-account.ts';
import { addKeys, takeKeys } from './users/key-takers.ts';

/** Flapping makes recovery wait for 30 s at most. */
const maxRecoveryMs = 45_000;

/** Waits until no instance is degraded; notes the gauges as they are then, or in the end. */
export async function readGauges(cluster: Cluster, history: History): Promise<void> {
  const withRedis = cluster.instances.filter(({ service }) => service !== 'storage');
  const read = async (): Promise<void> => {
    for (const { name, url } of withRedis) {
      const metrics = await fetch(`${url}/metrics`).then((reply) => reply.text());
      const gauge = /^redis_degraded_mode\{service="[\w-]+"\} (\d)$/m.exec(metrics)?.[1];
      history.gauges.set(name, gauge ?? 'missing');
    }
    if ([...history.gauges.values()].some((gauge) => gauge !== '0')) throw new Error('not yet');
  };
  try {
    await eventually(read, { timeoutMs: maxRecoveryMs, intervalMs: 100 });
  } catch {
    // The gauges are on record as they are; the invariant judges them.
  }
}

/** Two new users do everything once; each operation is to succeed as if nothing had been. */
export async function everyOperationOnce(options: CrowdOptions): Promise<void> {
  const { history } = options;
  await deliverOne(newClient(options, 'alertmanager', history.afterwards));
  const [ada, bob] = ['ada', 'bob'].map(
    (user) => new Account(newClient(options, user, history.afterwards)),
  );
  if (ada === undefined || bob === undefined) return;
  await ada.register();
  await bob.register();
  await ada.logOut();
  await ada.token();
  await ada.refresh();
  await ada.changeDevice();
  const [token, bobsToken] = [await ada.token(), await bob.token()];
  if (token === undefined || bobsToken === undefined) return;
  const { client } = ada;
  await client.send('profile', { token, expected: [200] });
  const body = { type: 'direct', participant_ids: [bob.userId] };
  const made = await client.send('create conversation', { token, body, expected: [201] });
  if (made.status !== 201) return;
  const conversationId = textField(made.data, 'conversation_id');
  await talk(options, ada, token, conversationId);
  await client.send('declare presence', { token, body: { online: true }, expected: [200] });
  const friends = `/v1/presence?user_ids=${bob.userId}`;
  await client.send('read presence', { token, path: friends, expected: [200] });
  await call(ada, bob, conversationId);
  await upload(ada, token);
  await addKeys(ada);
  await takeKeys(bob, ada);
  await askFriend(ada, bob);
  await acceptFriend(bob, ada);
  await noteFriends(history, [ada, bob]);
  await endFriendship(bob, ada);
  const eve = new FactorAccount(newClient(options, 'eve', history.afterwards));
  if (!(await eve.enrol())) return;
  const signedIn = await eve.finish(await eve.challenge(), eve.nextCode());
  if (signedIn !== undefined) await eve.replaceCodes(signedIn);
}

async function talk(
  { history }: CrowdOptions,
  account: Account,
  token: string,
  conversationId: string,
): Promise<void> {
  const { client } = account;
  const content = 'normal';
  const message = { conversationId, clientMessageId: randomUUID(), content };
  await postMessage(account, token, message, false);
  const socket = await ChatSocketClient.open({
    ...{ client, token, only: conversationId, conversationIds: [conversationId], direct: false },
    addRecord: (record) => history.sockets.push(record),
  });
  await socket?.say(conversationId, randomUUID(), content);
  socket?.close();
  const path = `/v1/messages?conversation_id=${conversationId}`;
  await client.send('read messages', { token, path, expected: [200] });
}

async function call(ada: Account, bob: Account, conversationId: string): Promise<void> {
  const [adas, bobs] = [await ada.token(), await bob.token()];
  if (adas === undefined || bobs === undefined) return;
  const [caller, callee] = [
    { client: ada.client, token: adas },
    { client: bob.client, token: bobs },
  ];
  await callAnd(conversationId, caller, [
    ['join call', callee],
    ['end call', caller],
  ]);
  await callAnd(conversationId, caller, [
    ['accept call', callee],
    ['end call', caller],
  ]);
  await callAnd(conversationId, caller, [['decline call', callee]]);
  await callAnd(conversationId, caller, [['cancel call', caller]]);
  await ada.client.send('list calls', { token: adas, expected: [200] });
}

type Speaker = Pick<Account, 'client'> & { readonly token: string };

/** Starts a call; then each does something in it. */
async function callAnd(
  conversationId: string,
  { client, token }: Speaker,
  steps: readonly (readonly [OperationName, Speaker])[],
): Promise<void> {
  const body = { call_type: 'audio', conversation_id: conversationId };
  const made = await client.send('initiate call', { token, body, expected: [201] });
  if (made.status !== 201) return;
  await loseSignaling(client, token, textField(made.data, 'call_id'));
  for (const [name, speaker] of steps) {
    const path = `/v1/calls/${textField(made.data, 'call_id')}/${name.split(' ')[0]}`;
    await speaker.client.send(name, { token: speaker.token, path, expected: [200] });
  }
}

async function upload({ client }: Account, token: string): Promise<void> {
  const bytes = Buffer.from('normal');
  const body = { file_name: 'a.txt', file_size: bytes.length, content_type: 'text/plain' };
  const target = await client.send('upload url', { token, body, expected: [200] });
  if (target.status !== 200) return;
  const signed = { url: textField(target.data, 'upload_url'), bytes };
  await client.send('upload bytes', { signed, expected: [200], direct: true });
  const fileId = textField(target.data, 'file_id');
  await client.send('upload complete', { token, body: { file_id: fileId }, expected: [200] });
  await client.send('quota', { token, expected: [200] });
  const path = `/v1/storage/files/${fileId}`;
  await client.send('delete file', { token, path, expected: [200] });
}

/** Reads all that is stored of the conversations that were followed. */
export async function readStored(
  history: History,
  readers: ReadonlyMap<string, Account>,
): Promise<void> {
  for (const [conversationId, reader] of readers) {
    const stored: StoredMessage[] = [];
    let pageState = '';
    do {
      const path = `/v1/messages?conversation_id=${conversationId}&limit=100${pageState}`;
      const token = await reader.token();
      // At chat's own port, where nobody's limit is spent.
      const request = {
        path,
        expected: [200],
        direct: true,
        ...(token === undefined ? {} : { token }),
      };
      const { status, data } = await reader.client.send('read messages', request);
      if (status !== 200) throw new Error(`history of ${conversationId} answered ${status}`);
      for (const message of data['messages'] as Record<string, unknown>[]) {
        const clientMessageId = message['client_message_id'];
        stored.push({
          messageId: textField(message, 'message_id'),
          clientMessageId: typeof clientMessageId === 'string' ? clientMessageId : undefined,
        });
      }
      const next = data['next_page_state'];
      pageState = typeof next === 'string' ? `&page_state=${encodeURIComponent(next)}` : '';
    } while (pageState !== '');
    history.stored.set(conversationId, stored);
  }
}
