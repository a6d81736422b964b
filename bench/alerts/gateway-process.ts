/** `node gateway-process.ts VARIABLES`: serves a gateway and tells the parent when it does. */
import { createGateway, readGatewayConfig } from '@secureconnect/gateway';
import { serveInChild } from '../support/serve-in-child.ts';

await serveInChild({ name: 'api-gateway', readConfig: readGatewayConfig, create: createGateway });
