import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from '@secureconnect/client/generator/bundle';
import { type BrowserPage, eventually } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { root } from '../support/documented-section.ts';

const patiently = { timeoutMs: 30_000, intervalMs: 100 };
const placeholder = 'http://localhost:8080';

/**
 * The page of docs/calls.md and the client that it imports, by path.
 * @param baseUrl of each person's way to the gateway, by the path of their page
 */
export async function examplePages(
  baseUrls: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const page = await readFile(join(root, 'docs/examples/call.html'), 'utf8');
  expect(page).toContain(placeholder);
  const pages = Object.entries(baseUrls).map(([path, url]) => [
    path,
    page.replace(placeholder, url),
  ]);
  return {
    ...Object.fromEntries(pages),
    '/client/index.js': await bundle("export * from './index.ts'", 'esm'),
    '/client/calls.js': await bundle("export * from './calls.ts'", 'esm'),
  };
}

/** The page of docs/calls.md, as its person uses it. */
export class ExamplePage {
  readonly #page: BrowserPage;

  constructor(page: BrowserPage) {
    this.#page = page;
  }

  get problems(): readonly string[] {
    return this.#page.problems;
  }

  /** Fills in a form, and sends it. */
  async submit(form: string, values: Readonly<Record<string, string>>): Promise<void> {
    await this.#page.evaluate(`
      for (const [name, value] of Object.entries(${JSON.stringify(values)}))
        document.forms['${form}'].elements[name].value = value;
      document.forms['${form}'].requestSubmit()`);
  }

  /** Clicks a button, which must be shown. */
  async click(id: string): Promise<void> {
    await eventually(async () => {
      const isShown = `document.getElementById('${id}').checkVisibility()`;
      expect(await this.#page.evaluate(isShown), id).toBe(true);
    }, patiently);
    await this.#page.evaluate(`document.getElementById('${id}').click()`);
  }

  says(text: string): Promise<void> {
    return eventually(async () => {
      const shown = await this.#page.evaluate("document.getElementById('state').textContent");
      expect(shown).toBe(text);
    }, patiently);
  }

  /** Waits until this number of videos is shown, the own camera included, and all of them move. */
  async videosMove(count: number): Promise<void> {
    const before = await this.#frames();
    await eventually(async () => {
      const now = await this.#frames();
      expect(now).toHaveLength(count);
      for (const [index, frames] of now.entries())
        expect(frames).toBeGreaterThan((before[index] ?? 0) + 5);
    }, patiently);
  }

  #frames(): Promise<readonly number[]> {
    return this.#page.evaluate(`[...document.querySelectorAll('video')].map((video) =>
      video.getVideoPlaybackQuality().totalVideoFrames)`) as Promise<readonly number[]>;
  }

  /** Whether the peer is sent the sound of the microphone. */
  isHeard(): Promise<unknown> {
    return this.#page.evaluate(
      `document.querySelector('video').srcObject.getAudioTracks().some(({ enabled }) => enabled)`,
    );
  }
}
