import { randomUUID } from 'node:crypto';
import { call } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliWorld, type User } from './world.ts';

let world: CliWorld;
/** Who sign in once for all tests, as sign-ins of one address are limited. */
let ada: User;
let bob: User;
beforeAll(async () => {
  world = await CliWorld.start();
  ada = await world.signedIn();
  bob = await world.signedIn();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('the session', { timeout: 60_000 }, () => {
  it('is kept from login to logout, where its owner alone can read it', async () => {
    const eve = await world.user();
    const before = await eve.run(['whoami']);
    expect(before).toMatchObject({ code: 3, stdout: '' });
    expect(before.stderr).toContain('run "secureconnect login" first');
    const input = `${eve.email}\n${world.password}\n`;
    expect(await eve.done(['login'], { input })).toContain(`Signed in as ${eve.username}`);
    const whoami = JSON.parse(await eve.done(['whoami', '--json']));
    expect(whoami).toMatchObject({ user_id: eve.userId, server: eve.url });
    expect(await eve.done(['whoami'])).toContain(`${eve.username}@example.com`);
    expect(await eve.done(['logout'])).toContain('Signed out');
    expect((await eve.run(['whoami'])).code).toBe(3);
  });

  it('does not begin with a wrong password, which is not shown', async () => {
    const eve = await world.user();
    const login = await eve.run(['login', '--email', eve.email], { input: 'wrong horse\n' });
    expect(login).toMatchObject({ code: 3, stdout: '' });
    expect(login.stderr).toMatch(/^error: POST \/v1\/auth\/login refuses: .+\n$/);
    expect(login.stderr).not.toContain('wrong horse');
  });

  it('goes to the server of the last login, without SECURECONNECT_URL', async () => {
    const environment = { SECURECONNECT_URL: undefined };
    expect(await ada.done(['whoami'], { environment })).toContain(ada.url);
  });
});

describe('messages', { timeout: 90_000 }, () => {
  it('go from send to tail, which goes on where it has ended', async () => {
    const tail = bob.start(['tail', '--json']);
    await tail.shows('(connected)');
    const id = await ada.done(['send', `@${bob.username}`, 'one']);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await tail.shows('"content":"one"');
    const event = tail
      .lines()
      .map((line) => JSON.parse(line))
      .find(({ type }) => type === 'chat');
    expect(event).toMatchObject({ type: 'chat', from: ada.userId, data: { message_id: id } });
    tail.child.kill('SIGINT');
    expect(await tail.ended).toMatchObject({ code: 0 });
    const conversation = event.conversation_id;
    expect(await ada.done(['send', conversation], { input: 'two\nlines\n' })).toMatch(
      /^[0-9a-f-]+$/,
    );
    const again = bob.start(['tail']);
    await again.shows(`${ada.username}: two lines`);
    again.child.kill('SIGINT');
    const { code, stdout } = await again.ended;
    expect(code).toBe(0);
    expect(stdout).not.toContain('one');
    const list = await bob.done(['conversations']);
    expect(list).toContain(conversation);
    expect(list).toContain(ada.username);
  });

  it('of others cannot command the terminal', async () => {
    const tail = bob.start(['tail', `@${ada.username}`]);
    await tail.shows('(connected)');
    await ada.done(['send', `@${bob.username}`, 'a\u001b]0;owned\u0007\u009b2Jb']);
    await tail.shows('a\\u001b]0;owned\\u0007\\u009b2Jb');
    tail.child.kill('SIGINT');
    await tail.ended;
  });

  it('stay in the outbox while nobody answers, and are sent once, in order', async () => {
    const id = await newConversation();
    ada.network.set('cut');
    const lost = await ada.run(['send', id, 'one', '--wait', '1']);
    expect(lost).toMatchObject({ code: 6, stdout: '' });
    expect(lost.stderr).toMatch(/^error: no reply to POST .*The message is in the outbox \(/);
    expect((await ada.run(['send', id, 'two', '--wait', '0', '--json'])).stdout).toMatch(
      /^\{"state":"waiting","client_message_id":"[0-9a-f-]{36}"\}\n$/,
    );
    expect(entriesIn(await ada.done(['outbox', '--json']))).toMatchObject([
      { message: { content: 'one' } },
      { message: { content: 'two' } },
    ]);
    expect((await ada.run(['outbox', 'send', '--wait', '1'])).code).toBe(6);
    ada.network.set('up');
    const sent = entriesIn(await ada.done(['outbox', 'send', '--json']));
    expect(sent).toMatchObject([{ content: 'one' }, { content: 'two' }]);
    ada.network.set('cut');
    await ada.run(['send', id, 'three', '--wait', '0']);
    ada.network.set('up');
    // Not before the one that waits, and the process does not last longer than it has to.
    const beganAt = performance.now();
    await ada.done(['send', id, 'four', '--wait', '600']);
    expect(performance.now() - beganAt).toBeLessThan(60_000);
    await ada.done(['send', id, 'five']);
    expect(await ada.done(['outbox', '--json'])).toBe('');
    expect(await contentsIn(id, bob)).toEqual(['one', 'two', 'three', 'four', 'five']);
  });

  it('can be removed from the outbox, and are not sent then', async () => {
    const id = await newConversation();
    ada.network.set('cut');
    await ada.run(['send', id, 'never', '--wait', '0']);
    const [entry] = entriesIn(await ada.done(['outbox', '--json']));
    await ada.done(['outbox', 'remove', String(entry?.['id'])]);
    expect((await ada.run(['outbox', 'remove', 'unknown'])).code).toBe(2);
    ada.network.set('up');
    await ada.done(['send', id, 'only this']);
    expect(await contentsIn(id, bob)).toEqual(['only this']);
  });

  it('that the server refuses for good are not kept', async () => {
    const refused = await ada.run(['send', randomUUID(), 'to nobody']);
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).toMatch(/^error: POST \/v1\/messages refuses: .+\n$/);
    expect(await ada.done(['outbox', '--json'])).toBe('');
  });
});

describe('calls', { timeout: 60_000 }, () => {
  it('are listed with their outcome', async () => {
    expect((await ada.run(['call-log'])).stderr).toBe('There are no calls.\n');
    const conversation = await newConversation();
    const body = { conversation_id: conversation, call_type: 'audio' };
    const { token } = ada;
    const begun = await call(world.stack.urls.gateway, 'POST', '/v1/calls/initiate', {
      body,
      token,
    });
    const { call_id: id } = begun.body.data as { call_id: string };
    await call(world.stack.urls.gateway, 'POST', `/v1/calls/${id}/cancel`, { token });
    expect(await bob.done(['call-log'])).toMatch(
      new RegExp(`${ada.username} +audio +ended: cancelled`),
    );
    expect(entriesIn(await ada.done(['call-log', '--json']))).toMatchObject([{ call_id: id }]);
  });
});

/** A new conversation of two. */
async function newConversation(): Promise<string> {
  const body = { type: 'group', title: 'Noon', participant_ids: [bob.userId] };
  const { token } = ada;
  const reply = await call(world.stack.urls.gateway, 'POST', '/v1/conversations', { body, token });
  return (reply.body.data as { conversation_id: string }).conversation_id;
}

function entriesIn(output: string): Record<string, unknown>[] {
  return output === '' ? [] : output.split('\n').map((line) => JSON.parse(line));
}

/** The messages of a conversation, the oldest first. */
async function contentsIn(id: string, { token }: User): Promise<string[]> {
  const path = `/v1/messages?conversation_id=${id}`;
  const { body } = await call(world.stack.urls.gateway, 'GET', path, { token });
  const { messages } = body.data as { messages: { content: string }[] };
  return messages.map(({ content }) => content).reverse();
}
