import type { Check } from '../check.ts';
import { answeringGateway } from '../gateway/of-gateway.ts';
import { fail, ok, skipped, warn } from '../outcome.ts';
import { isLoopback, isPublic } from '../support/hosts.ts';

/** Clients reach the gateway by TLS: every request carries a token. */
export const gatewayEncryptionCheck: Check = {
  name: 'gateway-encryption',
  finds: 'a gateway that answers at a public address without TLS',
  source: '../SECURITY.md',
  async run(deployment) {
    const { url } = await answeringGateway(deployment);
    const { hostname, protocol } = new URL(url);
    if (protocol === 'https:') return ok('https');
    if (isLoopback(hostname)) {
      return skipped('the gateway was asked on this machine; give its public address by --url');
    }
    return (isPublic(hostname) ? fail : warn)(
      `${url} is not encrypted, so passwords and tokens can be read on their way`,
      'https://',
      'Put a proxy with TLS in front, close this port to clients, and give its address by --url.',
    );
  },
};
