import { RouteError } from '../errors.ts';
import type { Connection } from './connect.ts';

/** The user names of users, each asked for once. One that the server does not tell is a part of the id. */
export class People {
  readonly #request: Connection['request'];
  readonly #names = new Map<string, Promise<string>>();

  constructor(request: Connection['request']) {
    this.#request = request;
  }

  nameOf(userId: string): Promise<string> {
    const known = this.#names.get(userId) ?? this.#ask(userId);
    this.#names.set(userId, known);
    return known;
  }

  /** A name is worth no failure: what it stands beside is shown in any case. */
  async #ask(userId: string): Promise<string> {
    try {
      const user = await this.#request('GET /v1/users/:user_id', { path: { user_id: userId } });
      return user.username;
    } catch (error) {
      if (!(error instanceof RouteError)) throw error;
      this.#names.delete(userId);
      return userId.slice(0, 8);
    }
  }
}
