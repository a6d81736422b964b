/** A reply used a fallback. */
export interface DegradedReply {
  readonly ports: readonly string[];
  readonly route: string;
  readonly atMs: number;
}

/** How many replies are kept. */
const maxReplies = 100;

/** The latest replies that used a fallback, and refusals, for the parts of the page that show them. */
export class DegradedNews extends EventTarget {
  #replies: readonly DegradedReply[] = [];
  #refused: string | undefined;

  /** The newest last. */
  get replies(): readonly DegradedReply[] {
    return this.#replies;
  }

  tell(ports: readonly string[], route: string, atMs: number = Date.now()): void {
    this.#replies = [...this.#replies.slice(1 - maxReplies), { ports, route, atMs }];
    this.dispatchEvent(new Event('degraded'));
  }

  /** The route that has refused last because Redis is down. */
  get refused(): string | undefined {
    return this.#refused;
  }

  tellRefusal(route: string): void {
    this.#refused = route;
    this.dispatchEvent(new Event('refused'));
  }
}
