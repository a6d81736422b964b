import type { Row } from '../../packages/degraded-mode/src/index.ts';
import type { HttpRoute, Route } from '../../packages/service/src/index.ts';
import type { Sample, Samples } from '../../packages/testkit/src/index.ts';
import { authRoutes } from '../../services/auth/src/index.ts';
import { authSamples } from '../../services/auth/test/samples.ts';
import { chatRoutes } from '../../services/chat/src/index.ts';
import { chatSamples } from '../../services/chat/test/samples.ts';
import { storageRoutes } from '../../services/storage/src/index.ts';
import { storageSamples } from '../../services/storage/test/samples.ts';
import { videoRoutes } from '../../services/video/src/index.ts';
import { videoSamples } from '../../services/video/test/samples.ts';

export type SampledService = 'auth' | 'chat' | 'video' | 'storage';

/** One row with one of its samples. */
export interface Case {
  readonly service: SampledService;
  readonly row: Row;
  readonly method: string;
  readonly sample: Sample;
}

/** The routes and samples of the services whose rows are requests; the gateway passes them on. */
const services: readonly {
  readonly service: SampledService;
  readonly routes: readonly { readonly kind: string; readonly row: Row }[];
  readonly samples: Samples;
}[] = [
  { service: 'auth', routes: authRoutes, samples: authSamples },
  { service: 'chat', routes: chatRoutes, samples: chatSamples },
  { service: 'video', routes: videoRoutes, samples: videoSamples },
  { service: 'storage', routes: storageRoutes, samples: storageSamples },
];

/** Every HTTP row with its samples. Throws, naming them, when rows have none. */
export function httpCases(): Case[] {
  const missing: string[] = [];
  const cases = services.flatMap(({ service, routes, samples }) =>
    routes.filter(isHttp).flatMap((route) => {
      const own = samples[route.row.route];
      if (own === undefined) missing.push(`${service}: ${route.row.route}`);
      const all = own === undefined ? [] : Array.isArray(own) ? own : [own];
      return all.map((sample: Sample) => {
        const method = route.method.toUpperCase();
        return { service, row: route.row, method, sample };
      });
    }),
  );
  if (missing.length > 0) throw new Error(`rows without a sample: ${missing.join(', ')}`);
  return cases;
}

function isHttp(route: { readonly kind: string }): route is HttpRoute<unknown> & Route<unknown> {
  return route.kind === 'http';
}
