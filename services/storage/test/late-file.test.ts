import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLogger, createMetrics } from '@secureconnect/service';
import { expect, it, vi } from 'vitest';
import { DirectoryStore, faultOfDirectory } from '../src/objects/directory-store.ts';
import { StoreGuard } from '../src/objects/store-guard.ts';
import { storeMetrics } from '../src/objects/store-metrics.ts';
import { createStoreMode } from '../src/objects/store-mode.ts';

it.each(['read', 'open'] as const)(
  'closes a file that the disk opens only after the time limit of a %s',
  async (operation) => {
    await using stack = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), 'late-file-'));
    stack.defer(() => rm(directory, { recursive: true }));
    const guard = new StoreGuard({
      faultOf: faultOfDirectory,
      explain: () => undefined,
      mode: createStoreMode('storage'),
      metrics: storeMetrics(createMetrics()),
      log: createLogger({ service: 'storage', level: 'silent' }),
    });
    const store = new DirectoryStore({ directory, guard });
    const objectId = randomUUID();
    const path = store.pathOf(objectId);
    await mkdir(dirname(path));
    // To open it takes until somebody opens it to write: a disk that hangs.
    execFileSync('mkfifo', [path]);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    stack.defer(() => void vi.useRealTimers());

    const found = store[operation](objectId, { firstByte: 0, lastByte: 9 });
    const refused = expect(found).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await vi.advanceTimersByTimeAsync(10_000);
    await refused;
    vi.useRealTimers();

    // The disk goes on; a pipe that nobody has open to read cannot be opened without waiting.
    const writer = await open(path, 'w');
    await writer.close();
    const unread = () => open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    await expect
      .poll(() =>
        unread().then(
          (file) => file.close(),
          ({ code }) => code,
        ),
      )
      .toBe('ENXIO');
  },
);
