/** What a span says besides its name and its times. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** A span that has begun. */
export interface OpenSpan {
  /** Ends it; as failed, if there is an error. */
  end(error?: unknown): void;
}

/** Where a span belongs. */
export interface SpanOptions {
  readonly kind: 'client' | 'server' | 'internal';
  readonly attributes: SpanAttributes;
}

/** The ids of the active span, as log lines have them. */
export interface TraceIds {
  readonly trace_id: string;
  readonly span_id: string;
}

/**
 * The traces of a process. There is one for the process, or none: everything that could be traced
 * asks {@link activeTracing}, so that nothing is loaded and nothing is done while it is off.
 */
export interface Tracing {
  /** Begins a span within the active one, without making it the active one. */
  begin(name: string, options: SpanOptions): OpenSpan;
  /** Whether a span is active, so that its parts are worth one of their own. */
  isActive(): boolean;
  /** Runs work within a span of its own, which ends with it. */
  within<Result>(
    name: string,
    options: SpanOptions & { readonly isRoot?: boolean },
    work: () => Promise<Result>,
  ): Promise<Result>;
  /**
   * Runs `serve` within the span of a request that arrived, which continues the trace of a sender
   * that is trusted to have one. Returns the span, to be ended with the reply.
   */
  serve(request: ArrivedRequest, serve: () => void): ServedSpan;
  /** The ids of the active span. */
  ids(): TraceIds | undefined;
  /** The headers that continue the active trace elsewhere (W3C Trace Context). */
  headers(): readonly (readonly [name: string, value: string])[];
  /** Names the fallbacks of a mode on the spans that used them. */
  watch(mode: object): void;
  /** Exports what is left, or logs that it cannot within two seconds. Never rejects. */
  stop(): Promise<void>;
}

export interface ArrivedRequest {
  readonly method: string;
  /** The headers of a trusted sender; undefined for any other. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>> | undefined;
}

export interface ServedSpan {
  readonly ids: TraceIds;
  /** @param route its path in the table; undefined if there is none */
  end(reply: { readonly route: string | undefined; readonly status: number }): void;
}

let active: Tracing | undefined;

/** The tracing of this process; undefined while it is off. */
export function activeTracing(): Tracing | undefined {
  return active;
}

/** Sets the tracing of this process. */
export function setTracing(tracing: Tracing | undefined): void {
  active = tracing;
}

/** Runs a part of the work that is being traced in a span of its own; just runs it otherwise. */
export function traced<Result>(
  name: string,
  attributes: SpanAttributes,
  work: () => Promise<Result>,
): Promise<Result> {
  if (active?.isActive() !== true) return work();
  return active.within(name, { kind: 'client', attributes }, work);
}
