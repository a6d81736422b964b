import type { Page } from 'playwright-core';

/** The demo, used by what it shows. */
export class DemoPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Somebody's part of the page. */
  of(name: string) {
    return this.page.getByRole('region', { name: `The side of ${name}` });
  }

  messagesOf(name: string) {
    return this.of(name).getByRole('log');
  }

  async write(name: string, content: string): Promise<void> {
    await this.of(name).getByRole('textbox', { name: 'Message' }).fill(content);
    await this.page.keyboard.press('Enter');
  }

  /** Writes, and waits until the other one sees it. */
  async tell(name: string, other: string, content: string): Promise<void> {
    await this.write(name, content);
    await this.messagesOf(other).getByText(content, { exact: true }).waitFor();
  }

  async stopRedis(): Promise<void> {
    await this.page.getByRole('button', { name: 'Stop Redis' }).click();
    await this.page.getByText('Redis is stopped').waitFor();
  }

  async startRedis(): Promise<void> {
    await this.page.getByRole('button', { name: 'Start Redis' }).click();
    await this.page.getByText('Redis is running').waitFor();
  }

  /** Tries something, and waits until it is `done` or `refused`. */
  async attempt(title: string, outcome: 'done' | 'refused'): Promise<void> {
    await this.page.getByRole('button', { name: `Try: ${title}` }).click();
    const item = this.page.getByRole('listitem').filter({ hasText: title });
    await item.getByText(outcome, { exact: true }).waitFor();
  }

  /** A route among those that were used. */
  use(route: string) {
    return this.page.getByRole('listitem').filter({ hasText: route });
  }
}
