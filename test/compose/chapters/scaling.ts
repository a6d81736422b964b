import { eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { send } from '../../../scripts/validate/stack.ts';
import { openSocket } from '../../support/open-socket.ts';
import type { ComposeStack } from '../support/compose-stack.ts';
import { conversing, urls } from '../support/people.ts';
import { query } from '../support/prometheus.ts';

const pairs = [
  ['api-gateway', 'api-gateway-2'],
  ['auth-service', 'auth-service-2'],
  ['chat-service', 'chat-service-2'],
  ['video-service', 'video-service-2'],
  ['storage-service', 'storage-service-2'],
] as const;

interface Health {
  readonly services: Readonly<Record<string, { readonly instances: object }>>;
}

export function scales(stack: () => ComposeStack): void {
  describe('with docker-compose.scale.yml', () => {
    it('has two instances of each service, and the gateway finds both of each', async () => {
      stack().become('scale');
      await stack().up();
      const both = { ready: 2, of: 2 };
      await eventually(
        async () => {
          const reply = await fetch(`${urls.loadBalancer}/health`);
          const { services } = (await reply.json()) as Health;
          expect(Object.values(services).map(({ instances }) => instances)).toEqual(
            Object.keys(services).map(() => both),
          );
        },
        { timeoutMs: 30_000, intervalMs: 500 },
      );
    });

    it('has both instances of each watched by Prometheus', async () => {
      await eventually(
        async () => {
          const watched = await query('count by (service) (up{job="secureconnect"} == 1)');
          expect(watched.map(({ value }) => value)).toEqual(pairs.map(() => '2'));
        },
        { timeoutMs: 60_000, intervalMs: 1000 },
      );
    });

    it('delivers messages sent to either instance of chat to a socket at one', async () => {
      const [person] = await conversing(1);
      if (person === undefined) throw new Error('nobody is there');
      const { token, conversationId } = person;
      const address = `${urls.loadBalancer}/v1/ws/chat?conversation_id=${conversationId}`;
      using socket = await openSocket(address, token);
      // In turn, each gateway to each instance.
      const contents = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
      for (const content of contents) {
        const body = { conversation_id: conversationId, content };
        const { status } = await send('POST', `${urls.loadBalancer}/v1/messages`, { token, body });
        expect(status).toBe(201);
        await socket.next((frame) => JSON.stringify(frame).includes(`"content":"${content}"`));
      }
      const asked = await eventually(
        async () => {
          const posted =
            'http_request_duration_seconds_count{service="chat-service",method="POST",route="/v1/messages"}';
          const series = await query(`${posted} > 0`);
          expect(series.length).toBe(2);
          return series;
        },
        { timeoutMs: 30_000, intervalMs: 1000 },
      );
      expect(new Set(asked.map(({ metric }) => metric['instance'])).size).toBe(2);
    });
  });
}
