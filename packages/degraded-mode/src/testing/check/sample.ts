import { kebabCase } from '../../fallbacks-used.ts';
import type { AppRow } from './app-table.ts';

/** The app under check, for samples that need something of it. */
export interface CheckedApp {
  readonly url: string;
  /** The Redis behind the faults, without them. */
  readonly redisUrl: string;
}

/** A request to a route, and what is known of it. */
export interface SampleRequest {
  /** Default that of the row; needed for a middleware, by a route behind it. */
  readonly method?: string;
  /** Default the path of the row; needed if that has parameters. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The ports of the row that this request uses. Default all. */
  readonly ports?: readonly string[];
  /**
   * Counts how often the request has happened, in what outlasts Redis: asked before and after it. A
   * refusal must leave it as it was; a success adds one, unless the reply names a skipped port.
   */
  readonly effect?: (app: CheckedApp) => number | Promise<number>;
}

/**
 * A sample of a row, or a function that prepares one while Redis is up: it is called for each request
 * that is sent.
 */
export type Sample = SampleRequest | ((app: CheckedApp) => SampleRequest | Promise<SampleRequest>);

/** The samples of an app by the routes of its rows: `POST /orders`. */
export type Samples = Readonly<Record<string, Sample | readonly Sample[]>>;

/** A request that is ready to be sent. */
export interface ReadyRequest {
  readonly row: AppRow;
  /** Numbers the samples of all rows. */
  readonly sample: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The names of the ports of the row that it uses. */
  readonly ports: ReadonlySet<string>;
  readonly effect: SampleRequest['effect'];
}

export interface RowSample {
  readonly row: AppRow;
  readonly sample: Sample;
}

const pattern = /[:*{(]/;

/**
 * The samples of all rows; a route without parameters needs none. What is missing is named.
 * @param parameters values for the parameters of paths, by their names
 */
export function samplesOfRows(
  rows: readonly AppRow[],
  samples: Samples,
  parameters: Readonly<Record<string, string>>,
): { readonly samples: readonly RowSample[]; readonly missing: readonly string[] } {
  const unknown = Object.keys(samples).filter((route) => !rows.some((row) => row.route === route));
  if (unknown.length > 0) throw new Error(`samples of unknown rows: ${unknown.join(', ')}`);
  const found = rows.map((row) => {
    const own = samples[row.route];
    if (own !== undefined) return [own].flat().map((sample: Sample) => ({ row, sample }));
    const path = row.path?.replaceAll(/:(\w+)/g, (all, name: string) => parameters[name] ?? all);
    return path === undefined || pattern.test(path) ? [] : [{ row, sample: { path } }];
  });
  const missing = rows.filter((_row, index) => found[index]?.length === 0);
  return { samples: found.flat(), missing: missing.map(({ route }) => route) };
}

/** @param number of the sample */
export async function prepare(
  { row, sample }: RowSample,
  number: number,
  app: CheckedApp,
): Promise<ReadyRequest> {
  const request = typeof sample === 'function' ? await sample(app) : sample;
  const { method = row.method, path = row.path } = request;
  if (method === undefined || path === undefined || (path === row.path && pattern.test(path))) {
    throw new Error(`the sample of ${row.route} needs a method and a path`);
  }
  const names = request.ports?.map(kebabCase) ?? row.ports.map(({ name }) => name);
  const { headers = {}, body, effect } = request;
  return { row, sample: number, method, path, headers, body, ports: new Set(names), effect };
}
