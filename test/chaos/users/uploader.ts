import { textField } from '@secureconnect/testkit';
import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import type { SimulatedUser } from './user.ts';

/** Uploads, several files at once, until the quota is full; then deletes and continues. */
export class Uploader implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 1000, to: 5000 };
  readonly #account: Account;
  #fileIds: string[] = [];

  constructor(account: Account) {
    this.#account = account;
    this.name = account.client.options.user;
    this.random = account.client.options.random;
  }

  async step(): Promise<void> {
    const token = await this.#account.token();
    if (token === undefined) return;
    const sizes = Array.from({ length: 3 }, () => this.random.integer(500, 3000));
    await Promise.all(sizes.map((size) => this.#upload(token, size)));
    await this.#account.client.send('quota', { token, expected: [200] });
    if (this.random.chance(0.4)) await this.#delete(token);
  }

  async #upload(token: string, fileBytes: number): Promise<void> {
    const { client } = this.#account;
    const body = { file_name: 'a.txt', file_size: fileBytes, content_type: 'text/plain' };
    const target = await client.send('upload url', {
      ...{ token, body, expected: [200, 413], facts: { fileBytes } },
    });
    if (target.status !== 200) return;
    const fileId = textField(target.data, 'file_id');
    this.#fileIds.push(fileId);
    const signed = {
      url: textField(target.data, 'upload_url'),
      bytes: Buffer.alloc(fileBytes, 'a'),
    };
    const put = await client.send('upload bytes', { signed, expected: [200], direct: true });
    if (put.status !== 200) return;
    const done = { file_id: fileId };
    await client.send('upload complete', { token, body: done, expected: [200] });
  }

  async #delete(token: string): Promise<void> {
    const fileId = this.#fileIds.shift();
    if (fileId === undefined) return;
    const path = `/v1/storage/files/${fileId}`;
    const facts = { fileId };
    await this.#account.client.send('delete file', { token, path, expected: [200], facts });
  }
}
