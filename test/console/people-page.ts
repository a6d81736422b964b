import type { Page } from 'playwright-core';

/** Everybody's. */
export const password = 'correct horse battery';

/** Somebody's page of the console, used by what it shows. */
export class PeoplePage {
  readonly page: Page;
  readonly username: string;
  readonly email: string;

  private constructor(page: Page, username: string) {
    this.page = page;
    this.username = username;
    this.email = emailOf(username);
  }

  /** Signs up on the page that is there for it. */
  static async signUp(page: Page, origin: string, name: string): Promise<PeoplePage> {
    const username = `${name.toLowerCase()}_${crypto.randomUUID().slice(0, 8)}`;
    await page.goto(`${origin}/console/sign-up`);
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('User name').fill(username);
    await page.getByLabel('E-mail address').fill(emailOf(username));
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByLabel('Write to').waitFor();
    return new PeoplePage(page, username);
  }

  /** What the open conversation shows. */
  get messages() {
    return this.page.getByRole('log', { name: 'Messages' });
  }

  /** Opens a conversation with somebody, whose name others know. */
  async writeTo(username: string): Promise<void> {
    await this.page.getByLabel('Write to').fill(username);
    await this.page.getByRole('button', { name: 'Open', exact: true }).click();
    await this.messages.waitFor();
  }

  /** Opens a conversation of the list. */
  async open(title: string): Promise<void> {
    const list = this.page.getByRole('navigation', { name: 'Conversations' });
    await list.getByRole('button', { name: title }).click();
    await this.messages.waitFor();
  }

  async write(content: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message' }).fill(content);
    await this.page.keyboard.press('Enter');
  }

  /** Waits for the message. */
  async sees(content: string): Promise<void> {
    await this.messages.getByText(content, { exact: true }).waitFor();
  }

  /** How often the conversation shows a text. */
  count(content: string): Promise<number> {
    return this.messages.getByText(content, { exact: true }).count();
  }
}

function emailOf(username: string): string {
  return `${username}@example.com`;
}
