import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { spawnLeashed } from '@secureconnect/embedded';
import { DevTools, type DevToolsEvent } from './dev-tools.ts';

/** Chromium asks nobody about itself, and draws without a window; camera and screen are generated. */
const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...['--hide-scrollbars', '--window-size=1400,1000', '--remote-debugging-port=0'],
  ...['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  ...['--autoplay-policy=no-user-gesture-required', '--auto-select-desktop-capture-source=screen'],
];

/**
 * Behind the servers of other tests. As root Chromium would even put itself before them: it may only
 * where it has the right to.
 */
const politely = [
  ...(process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-sys_nice'] : []),
  ...['nice', '-n', '5'],
];

interface ExceptionDetails {
  readonly text: string;
  readonly exception?: { readonly description?: string };
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: ExceptionDetails;
}

/** Without the lines of the page's stack: Vitest looks for the files that they name, and ends. */
function messageOf({ exception, text }: ExceptionDetails): string {
  return (exception?.description ?? text).replaceAll(/\n {4}at .*/g, '');
}

/** A page in a real Chromium, and what it did. */
export interface BrowserPage extends AsyncDisposable {
  /** The address of every request. */
  readonly requests: readonly string[];
  /** What the console shows of errors and warnings, refusals of the security policy among it. */
  readonly problems: readonly string[];
  open(url: string): Promise<void>;
  /** The value of a script in the page, which may await. Rejects with what it throws. */
  evaluate(script: string): Promise<unknown>;
  /** Adds a device that holds passkeys, verifies its user, and answers without being asked. */
  addAuthenticator(): Promise<void>;
  /** Lets this origin show notifications. */
  allowNotifications(origin: string): Promise<void>;
  /** Gives the service worker of an origin a push, as a push service would. */
  deliverPush(origin: string, text: string): Promise<void>;
  /** Ends the process of the page, without a word to it. */
  crash(): Promise<void>;
  /** Takes the network away, as the browser tells its page, or gives it back. */
  setOffline(isOffline: boolean): Promise<void>;
  /** The bytes that an origin may store from now on; undefined: the default. */
  limitStorage(origin: string, bytes?: number): Promise<void>;
  /** A page of this browser that shares no storage with the others; it ends by itself or with them. */
  anotherPerson(): Promise<BrowserPage>;
  /** A page that shares the storage of this one; it ends with it. */
  anotherTab(): Promise<BrowserPage>;
}

/** Starts Chromium with an empty page; it ends with its disposal. */
export async function startBrowser(): Promise<BrowserPage> {
  const profile = await mkdtemp(join(tmpdir(), 'secureconnect-browser-'));
  const child = spawnLeashed({
    command: [...politely, 'chromium', ...flags, `--user-data-dir=${profile}`, 'about:blank'],
    signal: 'SIGKILL',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    // Its children end a moment later than it does.
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    const devTools = await DevTools.open(await debuggerAddress(child));
    return await openPage(devTools, async () => {
      devTools.close();
      await stop();
    });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function debuggerAddress(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('Chromium has no stderr');
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1];
    if (address !== undefined) {
      child.stderr.resume();
      return address;
    }
  }
  throw new Error('Chromium ended before it listened.');
}

/** Opens a page in a context of its own; `stop`, where there is one, ends the browser with it. */
async function openPage(devTools: DevTools, stop?: () => Promise<void>): Promise<BrowserPage> {
  const { browserContextId } = await devTools.send('Target.createBrowserContext');
  return openTab(devTools, String(browserContextId), async () => {
    if (stop !== undefined) await stop();
    else await devTools.send('Target.disposeBrowserContext', { browserContextId });
  });
}

async function openTab(
  devTools: DevTools,
  browserContextId: string,
  stop: () => Promise<void>,
): Promise<BrowserPage> {
  const requests: string[] = [];
  const problems: string[] = [];
  const loaded = new EventTarget();
  const ended = new EventTarget();
  /** The service workers of the pages, by the URL of their scope. */
  const registrations = new Map<string, string>();
  const target = { url: 'about:blank', browserContextId, newWindow: true };
  const { targetId } = await devTools.send('Target.createTarget', target);
  const { send, close } = await devTools.attach(targetId, (event) => {
    if (event.method === 'Inspector.targetCrashed') ended.dispatchEvent(new Event('crash'));
    if (event.method === 'Page.loadEventFired') loaded.dispatchEvent(new Event('load'));
    if (event.method === 'Network.requestWillBeSent') requests.push(requestUrl(event));
    for (const { registrationId, scopeURL } of registrationsIn(event)) {
      registrations.set(scopeURL, registrationId);
    }
    const problem = problemOf(event);
    if (problem !== undefined) problems.push(problem);
  });
  for (const domain of ['Page', 'Network', 'Runtime', 'Log', 'ServiceWorker', 'Inspector'])
    await send(`${domain}.enable`);
  return {
    requests,
    problems,
    async open(url) {
      const isLoaded = once(loaded, 'load');
      await send('Page.navigate', { url });
      await isLoaded;
    },
    async evaluate(expression) {
      const { result, exceptionDetails } = (await send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        replMode: true,
        returnByValue: true,
        userGesture: true,
      })) as unknown as Evaluated;
      if (exceptionDetails !== undefined) {
        throw new Error(messageOf(exceptionDetails));
      }
      return result.value;
    },
    async addAuthenticator() {
      await send('WebAuthn.enable');
      const options = {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      };
      await send('WebAuthn.addVirtualAuthenticator', { options });
    },
    async allowNotifications(origin) {
      const permissions = ['notifications'];
      await devTools.send('Browser.grantPermissions', { origin, permissions, browserContextId });
    },
    async deliverPush(origin, data) {
      const registrationId = registrations.get(`${origin}/`);
      if (registrationId === undefined) throw new Error(`${origin} has no service worker`);
      await send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
    },
    async crash() {
      // There is nobody left who could answer.
      void send('Page.crash').catch(() => undefined);
      await once(ended, 'crash');
    },
    async setOffline(offline) {
      const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
      await send('Network.emulateNetworkConditions', { offline, ...unlimited });
    },
    async limitStorage(origin, quotaSize) {
      const quota = quotaSize === undefined ? {} : { quotaSize };
      await send('Storage.overrideQuotaForOrigin', { origin, ...quota });
    },
    anotherPerson: () => openPage(devTools),
    anotherTab: () => openTab(devTools, browserContextId, async () => undefined),
    async [Symbol.asyncDispose]() {
      close();
      await stop();
    },
  };
}

interface Registration {
  readonly registrationId: string;
  readonly scopeURL: string;
}

function registrationsIn({ method, params = {} }: DevToolsEvent): readonly Registration[] {
  if (method !== 'ServiceWorker.workerRegistrationUpdated') return [];
  return params['registrations'] as readonly Registration[];
}

function requestUrl({ params = {} }: DevToolsEvent): string {
  return (params['request'] as { readonly url: string }).url;
}

function problemOf({ method, params = {} }: DevToolsEvent): string | undefined {
  if (method === 'Runtime.exceptionThrown') return JSON.stringify(params['exceptionDetails']);
  if (method === 'Log.entryAdded') {
    const { level, text } = params['entry'] as { readonly level: string; readonly text: string };
    return level === 'error' || level === 'warning' ? text : undefined;
  }
  if (method !== 'Runtime.consoleAPICalled') return undefined;
  const isProblem = params['type'] === 'error' || params['type'] === 'warning';
  return isProblem ? JSON.stringify(params['args']) : undefined;
}
