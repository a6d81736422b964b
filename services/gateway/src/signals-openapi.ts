import { type OpenApiDocument, SignalReplies, SignalReply } from '@secureconnect/contracts';
import { z } from 'zod';
import { signalPaths } from './signals/signal-paths.ts';

type Item = OpenApiDocument['paths'][string];

const replySchema = z.toJSONSchema(z.union([SignalReply, SignalReplies]), {
  io: 'output',
  target: 'draft-2020-12',
});

const reply = (description: string) => {
  const { $schema: _dialect, ...schema } = replySchema;
  return { description, content: { 'application/json': { schema } } };
};

/**
 * Adds what no row can say: that deliveries are answered without the envelope, and that these routes
 * ask for a token of their own.
 */
export function withSignals(document: OpenApiDocument): OpenApiDocument {
  const paths = Object.entries(document.paths).map(([path, item]): [string, Item] => [
    path,
    path.startsWith('/api/v1/') ? described(path, item) : item,
  ]);
  const { securitySchemes, ...components } = document.components;
  const signals = { type: 'http', scheme: 'bearer', description: 'SIGNALS_TOKEN' };
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...components, securitySchemes: { ...securitySchemes, signals } },
  };
}

function described(path: string, item: Item): Item {
  const isDelivery = signalPaths.some((one) => one === path);
  const operations = Object.entries(item).map(([method, operation]) => {
    const { 200: usual, ...others } = operation['responses'] as Readonly<Record<string, unknown>>;
    const responses = {
      ...others,
      ...(isDelivery ? deliveryReplies : { 200: usual }),
      401: { $ref: '#/components/responses/UNAUTHORIZED' },
    };
    return [method, { ...operation, security: [{ signals: [] }], responses }];
  });
  return Object.fromEntries(operations);
}

const deliveryReplies = {
  201: reply('A remediation request was made, or several were'),
  202: reply('None was needed'),
};
