import { eventually, programSkipReason, startBrowser } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { startGateway } from './harness.ts';

/** The script is large, and the machine may be busy. */
const drawn = { timeoutMs: 20_000 };
const missing = programSkipReason(['chromium']);

describe.skipIf(missing !== '')(`the documentation in a browser${missing}`, () => {
  it('shows every operation, contacts no foreign host, and violates no rule of its policy', async () => {
    await using gateway = await startGateway();
    await using page = await startBrowser();
    await page.open(`${gateway.url}/docs`);
    const text = async () => String(await page.evaluate('document.body.innerText'));
    await eventually(
      async () => expect(await text()).toContain('Log in with an e-mail address'),
      drawn,
    );
    expect(await text()).toContain('when-redis-down: {"new-sessions":"fail closed');
    const search = `
      const field = document.querySelector('input[type=text]');
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, 'blocked');
      field.dispatchEvent(new Event('input', { bubbles: true }));`;
    await page.evaluate(search);
    await eventually(
      async () =>
        expect(
          await page.evaluate(
            'document.querySelectorAll(\'[role=menuitem] mark, [data-role="search:results"] li\').length',
          ),
        ).toBeGreaterThan(0),
      drawn,
    );
    expect(page.problems).toEqual([]);
    const hosts = new Set(
      page.requests.filter((url) => !/^(data|blob):/.test(url)).map((url) => new URL(url).origin),
    );
    expect([...hosts]).toEqual([gateway.url]);
  }, 60_000);
});
