import { eventually } from '@secureconnect/testkit';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** More elements than any page has before the one that is looked for. */
const maxSteps = 60;

/** A page used by the keyboard alone: after each key something has the focus, and it is seen. */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
    await this.expectFocus();
  }

  async press(key: 'Enter' | 'Escape' | 'Tab' | 'Shift+Tab'): Promise<void> {
    await this.#page.keyboard.press(key);
    await this.expectFocus();
  }

  /** Goes on, or back, until the focus is at what is named so. */
  async goTo(name: RegExp, by: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const passed: string[] = [];
    for (let step = 0; step < maxSteps; step += 1) {
      await this.press(by);
      const focused = await this.#page.evaluate<string>(focusedName);
      if (name.test(focused)) return;
      passed.push(focused);
    }
    throw new Error(`${by} does not lead to ${name}, but to: ${passed.join(' | ')}`);
  }

  /** Waits until the focus is seen: titles have it without a ring, because they are read out. */
  async expectFocus(): Promise<void> {
    await eventually(async () => expect(await this.#page.evaluate<string>(focusFault)).toBe(''), {
      timeoutMs: 2000,
    });
  }
}

// These run in the page.
const focusedName = `(() => {
  const element = document.activeElement;
  const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent;
  return (label ?? element.textContent).trim();
})()`;

const focusFault = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return 'nothing has the focus';
  if (/^H[12]$/.test(element.tagName)) return '';
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const text = element.outerHTML.slice(0, 200);
  if (outlineStyle === 'none' || parseFloat(outlineWidth) === 0) return 'no ring is seen: ' + text;
  const { bottom, top } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight ? '' : 'out of view: ' + text;
})()`;
