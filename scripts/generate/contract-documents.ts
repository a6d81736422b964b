import { asyncApiDocument, openApiDocument } from '@secureconnect/contracts';
import { apiVersion, commonRoutes } from '@secureconnect/service';
import type { Generator } from './generator.ts';
import { serviceRows } from './service-rows.ts';

const folder = 'packages/contracts/generated';

/** Everything that the gateway offers: its own routes and those that it passes on. */
const routes = [...serviceRows.flatMap(({ documented }) => documented), ...commonRoutes];

const withoutRedis = `The gateway itself continues without Redis: each instance enforces its share of the limits
(\`rate-limit=local\`), and revoked tokens are known from a copy that is at most 60 s old.
\`x-when-redis-down\` of each operation says what its service does, port by port;
\`GET /v1/degraded\` on a service shows the current mode.`;

const openApiText = `Every route of SecureConnect, as the gateway offers it. The frames of its two WebSockets are in
[asyncapi.json](/asyncapi.json).

Replies are \`{ success, data, meta }\` or \`{ success, error, meta }\`, except where the document says
otherwise. Lists are pages: send the \`next_cursor\` of a page to get the next one. Ids are UUIDs, times
are RFC 3339.

${withoutRedis}`;

const asyncApiText = `The two WebSockets of SecureConnect and their frames, as the gateway offers them; the other routes
are in [openapi.json](/openapi.json).

Open a socket with an access token in \`Authorization\`, with the subprotocols \`bearer\` and the token, or
with a ticket in \`?ticket=\`. Every frame is one JSON text with a \`type\`. A frame with an \`id\` is answered
with that \`id\`; a frame that was not accepted, with an \`error\` frame.

${withoutRedis}`;

const text = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

/** The OpenAPI document of all services, which the gateway serves. */
export const openApiFile: Generator = {
  file: `${folder}/openapi.json`,
  async render() {
    const info = { title: 'SecureConnect', version: apiVersion, description: openApiText };
    return text(openApiDocument({ ...info, routes }));
  },
};

/** The AsyncAPI document of both sockets, which the gateway serves. */
export const asyncApiFile: Generator = {
  file: `${folder}/asyncapi.json`,
  async render() {
    const info = { title: 'SecureConnect sockets', version: apiVersion, description: asyncApiText };
    return text(asyncApiDocument({ ...info, host: 'localhost:8080', routes }));
  },
};
