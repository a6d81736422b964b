import type { Check } from '../check.ts';
import { answeringGateway } from '../gateway/of-gateway.ts';
import { fail, ok, skipped } from '../outcome.ts';
import { askHttp } from '../support/ask-http.ts';
import { isPublic } from '../support/hosts.ts';
import { reasonOf } from '../support/reason-of.ts';

const path = '/api/v1/signals/prometheus';
/** Refused, or not let through by a proxy in front. */
const closed = [401, 403, 404];
/** Read as a delivery, and refused for its content at most. */
const read = [200, 400, 413, 415, 422];

/**
 * Nobody delivers alerts without the token. With mutual TLS the proxy in front refuses; so that is
 * asked at a public address alone. The delivery that this sends is empty, and creates nothing.
 */
export const alertsAccessCheck: Check = {
  name: 'alerts-access',
  finds: 'a gateway that takes alerts from anybody',
  source: 'alerts.md',
  async run(deployment) {
    const { url } = await answeringGateway(deployment);
    const { settings } = deployment;
    if (settings.get('SIGNALS_AUTH') === 'mutual-tls' && !isPublic(new URL(url).hostname)) {
      return skipped('SIGNALS_AUTH is mutual-tls; give the public address by --url to try it');
    }
    try {
      const { status } = await askHttp(`${url}${path}`, {
        method: 'POST',
        body: '{}',
        headers: { 'Content-Type': 'application/json' },
      });
      if (closed.includes(status)) return ok(`${status} without the token`);
      if (!read.includes(status)) return skipped(`${path} answered ${status}`);
      return fail(
        `a delivery without a token is read, and answered with ${status}`,
        '401',
        'Set SIGNALS_AUTH=token and SIGNALS_TOKEN, or let the proxy in front check certificates.',
      );
    } catch (error) {
      return skipped(`${path} was not answered: ${reasonOf(error)}`);
    }
  },
};
