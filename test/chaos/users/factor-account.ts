import { textField } from '@secureconnect/testkit';
import { totpCode } from '../../../services/auth/test/totp-code.ts';
import type { Client } from '../client.ts';
import { Account, password } from './account.ts';

/** A code of the second factor, as it is sent. */
export type Code = { readonly code: string } | { readonly recovery_code: string };

/** A user with an authenticator app and recovery codes. */
export class FactorAccount {
  readonly client: Client;
  readonly #account: Account;
  #secret = '';
  #recoveryCodes: string[] = [];
  #lastTotpCode = '';

  constructor(client: Client) {
    this.client = client;
    this.#account = new Account(client);
  }

  get codesLeft(): number {
    return this.#recoveryCodes.length;
  }

  /** Registers and adds the factor; false if one of the replies is not a success. */
  async enrol(): Promise<boolean> {
    const token = (await this.#account.register()) ? await this.#account.token() : undefined;
    if (token === undefined) return false;
    const begun = await this.client.send('enrol factor', { token, expected: [201] });
    if (begun.status !== 201) return false;
    this.#secret = textField(begun.data, 'secret');
    this.#lastTotpCode = totpCode(this.#secret);
    const body = { code: this.#lastTotpCode };
    const confirmed = await this.client.send('confirm factor', { token, body, expected: [200] });
    if (confirmed.status !== 200) return false;
    this.#recoveryCodes = codesOf(confirmed.data);
    return true;
  }

  /** Logs in with the password; undefined without a challenge in the reply. */
  async challenge(): Promise<string | undefined> {
    const body = { email: this.#account.email, password };
    const { status, data } = await this.client.send('login', { body, expected: [200] });
    return status === 200 ? textField(data, 'challenge') : undefined;
  }

  /** A code that was not sent before: of the app, which shows one every 30 s, or a recovery code. */
  nextCode(): Code | undefined {
    const code = totpCode(this.#secret);
    if (code !== this.#lastTotpCode) {
      this.#lastTotpCode = code;
      return { code };
    }
    const recovery = this.#recoveryCodes.shift();
    return recovery === undefined ? undefined : { recovery_code: recovery };
  }

  /** The access token, if the code was accepted. */
  async finish(challenge: string | undefined, code: Code | undefined): Promise<string | undefined> {
    if (challenge === undefined || code === undefined) return undefined;
    const facts = { factorCode: `${this.client.userId} ${Object.values(code).join()}` };
    const request = { body: { challenge, ...code }, facts, expected: [200, 401] };
    const { status, data } = await this.client.send('finish login', request);
    return status === 200 ? textField(data, 'access_token') : undefined;
  }

  async replaceCodes(token: string): Promise<void> {
    const request = { token, expected: [200] };
    const { status, data } = await this.client.send('replace recovery codes', request);
    if (status === 200) this.#recoveryCodes = codesOf(data);
    // Without a reply nobody knows which codes count: only those of the app do for certain.
    else if (status !== 503) this.#recoveryCodes = [];
  }
}

function codesOf(data: Readonly<Record<string, unknown>>): string[] {
  const codes = data['recovery_codes'];
  if (!Array.isArray(codes)) throw new Error('the reply has no recovery codes');
  return codes.map(String);
}
