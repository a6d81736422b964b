import { randomUUID } from 'node:crypto';
import { openDatabase } from '@secureconnect/postgres';
import { pgBouncerSkipReason, testPgBouncer, textField } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpCases } from './conformance/cases.ts';
import { sendSample } from './conformance/send-sample.ts';
import { createWorld } from './conformance/world.ts';
import { type Stack, signalsToken, startStack } from './support/stack.ts';

/** Far fewer than the five services have connections: every session is handed on all the time. */
const sessions = 4;

describe.skipIf(pgBouncerSkipReason !== '')(
  `the five services through PgBouncer in transaction mode${pgBouncerSkipReason}`,
  () => {
    let stack: Stack;
    beforeAll(async () => {
      const wayToDatabase = (url: string) => testPgBouncer(url, { poolSize: sessions });
      stack = await startStack({}, { wayToDatabase });
    });
    afterAll(() => stack[Symbol.asyncDispose]());

    it.each(httpCases().map((one) => ({ name: one.policy.route, one })))(
      'answer $name as directly',
      async ({ one: { service, method, sample } }) => {
        const request = await sample.prepare(createWorld(stack));
        const { status, text } = await sendSample(stack.urls[service], method, request);
        expect([status, status === sample.status ? '' : text]).toEqual([sample.status, '']);
      },
    );

    it('accept an alert', async () => {
      const labels = { alertname: 'PodCrashLooping', namespace: randomUUID(), pod: 'checkout-1' };
      const alert = { status: 'firing', labels, startsAt: new Date().toISOString() };
      const reply = await fetch(`${stack.urls.gateway}/api/v1/signals/prometheus`, {
        method: 'POST',
        headers: { authorization: `Bearer ${signalsToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ version: '4', alerts: [alert] }),
      });
      expect(reply.status).toBe(201);
    });

    it('store each of many concurrent messages once', async () => {
      const world = createWorld(stack);
      const [one, other] = [await world.user(), await world.user()];
      const conversation = await world.data('chat', 'POST', '/v1/conversations', {
        token: one.token,
        body: { type: 'direct', participant_ids: [other.userId] },
      });
      const conversationId = textField(conversation, 'conversation_id');
      const contents = Array.from({ length: 60 }, (_, number) => `message ${number}`);
      await Promise.all(
        contents.map((content) =>
          world.data('chat', 'POST', '/v1/messages', {
            token: one.token,
            body: { conversation_id: conversationId, content },
          }),
        ),
      );
      const page = await world.data(
        'chat',
        'GET',
        `/v1/messages?conversation_id=${conversationId}&limit=100`,
        { token: other.token },
      );
      const messages = page['messages'] as { content: string }[];
      expect(messages.map(({ content }) => content).toSorted()).toEqual(contents.toSorted());
    });

    it('use no more sessions than it keeps', async () => {
      const database = openDatabase({ url: stack.databaseUrl });
      const rows = await database.query(
        'SELECT 1 FROM pg_stat_activity WHERE datname = current_database()',
      );
      await database.close();
      expect(rows.length).toBeLessThanOrEqual(sessions);
    });
  },
);
