/**
 * What stands before the gateways: takes them by turns, leaves out for a while one that refuses a
 * connection or says that it stops, and asks the other one where there was no connection at all.
 */
export class LoadBalancer {
  readonly #urls: readonly string[];
  readonly #leftOutUntil = new Map<string, number>();
  #turn = 0;

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  /** Rejects where no gateway answers; what may have arrived is not sent again. */
  async ask(path: string, init: RequestInit): Promise<Response> {
    for (const [index, url] of this.#inOrder().entries()) {
      try {
        const reply = await fetch(`${url}${path}`, {
          ...init,
          signal: AbortSignal.timeout(20_000),
        });
        if (reply.headers.has('x-stopping')) this.#leaveOut(url);
        return reply;
      } catch (error) {
        if (index + 1 === this.#urls.length || !refused(error)) throw error;
        this.#leaveOut(url);
      }
    }
    throw new Error('there is no gateway');
  }

  #inOrder(): string[] {
    this.#turn += 1;
    const now = performance.now();
    // Of two that are left out the one first that has been for longest: it may be back by now.
    const out = (url: string): number => {
      const until = this.#leftOutUntil.get(url) ?? 0;
      return until > now ? until : 0;
    };
    const turned = this.#turn % 2 === 0 ? [...this.#urls] : [...this.#urls].reverse();
    return turned.sort((one, other) => out(one) - out(other));
  }

  #leaveOut(url: string): void {
    this.#leftOutUntil.set(url, performance.now() + 2000);
  }
}

function refused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
