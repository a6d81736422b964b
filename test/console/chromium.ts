import { findProgram } from '@secureconnect/embedded';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Two cameras, microphones and a screen are generated, and nobody is asked for them. */
const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic'],
  ...['--use-fake-device-for-media-stream=device-count=2', '--use-fake-ui-for-media-stream'],
  ...['--autoplay-policy=no-user-gesture-required', '--auto-select-desktop-capture-source=screen'],
];

/** Starts a Chromium without a window, driven as a person would: by what a page shows. */
export async function startChromium(): Promise<Browser> {
  const executablePath = findProgram('chromium');
  if (executablePath === undefined) throw new Error('PATH has no chromium');
  return chromium.launch({ executablePath, args: flags });
}

/** What the console of a page shows of errors; refusals by the server are answers, not errors. */
export function problemsOf(page: Page): readonly string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error.stack)));
  page.on('console', (message) => {
    const isAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isAnswer) problems.push(message.text());
  });
  return problems;
}
