import { describe, expect, it } from 'vitest';
import { boundRow, comeUp, goDown, testPorts } from '../test/bound-row.ts';
import { classify } from '../test/scripted-probes.ts';
import { RowBinding } from './binding.ts';
import { DegradedMode, type DegradedModeOptions } from './degraded-mode.ts';
import { bySetting, byValue, failClosed, failOpen } from './fallback.ts';
import { describeFallback, liveTable, markdownTable } from './table.ts';

const closed = failClosed({ retryAfterSeconds: 5 });
const snapshot = failOpen.snapshot({ maxStalenessSeconds: 60 });
const stateless = bySetting('ENABLE_STATELESS_AUTH', { on: failOpen.skip(), off: closed });

describe('describeFallback', () => {
  it.each([
    [closed, 'fail closed (503, Retry-After 5)'],
    [failOpen.local(), 'fail open: local'],
    [failOpen.durable(), 'fail open: durable'],
    [failOpen.skip(), 'fail open: skip'],
    [snapshot, 'fail open: snapshot (at most 60 s old)'],
    [
      stateless,
      'fail closed (503, Retry-After 5); with ENABLE_STATELESS_AUTH=true fail open: skip',
    ],
    [
      byValue('WITHOUT_REDIS', { refuse: closed, wait: closed, store: failOpen.durable() }),
      'fail closed (503, Retry-After 5); with WITHOUT_REDIS=store fail open: durable',
    ],
  ])('%o', (declared, text) => {
    expect(describeFallback(declared)).toBe(text);
  });
});

describe('the live table', () => {
  const rowsOf = (mode: DegradedMode, ports: ReturnType<typeof testPorts>['ports']) => [
    new RowBinding({ route: 'GET /v1/quota', operation: 'quota', whenRedisDown: {} }, ports, mode),
    new RowBinding(
      { route: 'POST /v1/hits', operation: 'hits', whenRedisDown: { hitCounter: snapshot } },
      ports,
      mode,
    ),
    new RowBinding(
      { route: 'POST /v1/login', operation: 'login', whenRedisDown: { sessions: closed } },
      ports,
      mode,
    ),
  ];

  function table() {
    const { mode } = boundRow({});
    const { ports, age } = testPorts();
    const bindings = rowsOf(mode, ports);
    const modes = () => liveTable('shop', mode, bindings).rows.map((row) => row.mode);
    return { mode, age, modes, live: () => liveTable('shop', mode, bindings) };
  }

  it('shows every row as normal while Redis is available', () => {
    const { live, mode, modes } = table();
    comeUp(mode);
    expect(live()).toMatchObject({ service: 'shop', redis: 'available', degraded: false });
    expect(live()).not.toHaveProperty('reason');
    expect(modes()).toEqual(['normal', 'normal', 'normal']);
  });

  it('shows what each row does while it is not, and why', () => {
    const { live, mode } = table();
    goDown(mode);
    expect(live()).toEqual({
      service: 'shop',
      redis: 'unavailable',
      degraded: true,
      reason: 'ECONNREFUSED',
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      rows: [
        { route: 'GET /v1/quota', operation: 'quota', mode: 'normal', ports: {} },
        {
          route: 'POST /v1/hits',
          operation: 'hits',
          mode: 'fail_open',
          ports: { 'hit-counter': 'fail open: snapshot (at most 60 s old)' },
        },
        {
          route: 'POST /v1/login',
          operation: 'login',
          mode: 'fail_closed',
          ports: { sessions: 'fail closed (503, Retry-After 5)' },
        },
      ],
    });
  });

  it('says since when an outage lasts, as long as it lasts', () => {
    const { live, mode } = table();
    comeUp(mode);
    expect(live()).not.toHaveProperty('since');
    goDown(mode);
    const { since } = live();
    goDown(mode);
    expect(live().since).toBe(since);
    expect(Date.now() - Date.parse(since ?? '')).toBeLessThan(10_000);
    comeUp(mode);
    expect(live()).not.toHaveProperty('since');
  });

  it('counts what the fallbacks of each row did, also when the outage is over', () => {
    const { live, mode } = table();
    goDown(mode);
    const used = { route: 'POST /v1/hits', port: 'hitCounter', fallback: 'snapshot' } as const;
    mode.recordFallback(used);
    mode.recordFallback(used);
    comeUp(mode);
    const counts = live().rows.map((row) => row.used);
    expect(counts).toEqual([undefined, { 'hit-counter': 2 }, undefined]);
  });

  it('shows a row whose snapshot is outdated as closed', () => {
    const { age, mode, modes } = table();
    goDown(mode);
    age.seconds = 61;
    expect(modes()).toEqual(['normal', 'fail_closed', 'fail_closed']);
  });

  it('says that a drill is under way, and until when', () => {
    const { mode } = table();
    comeUp(mode);
    mode.availability.beginDrill(60);
    const { degraded, reason, drill_ends_at: endsAt } = liveTable('test', mode, []);
    expect({ degraded, reason }).toEqual({ degraded: true, reason: 'drill' });
    expect(Date.parse(endsAt ?? '')).toBeGreaterThan(Date.now() + 50_000);
    mode.availability.endDrill();
    expect(liveTable('test', mode, [])).not.toHaveProperty('drill_ends_at');
  });

  it('names the ports in a drill of their own, and only their rows do what they declare', () => {
    const { live, mode, modes } = table();
    comeUp(mode);
    mode.portDrills.begin('hitCounter', 60);
    const { degraded, port_drills: drills } = live();
    expect({ degraded, drills }).toEqual({
      degraded: false,
      drills: { 'hit-counter': expect.stringMatching(/^\d{4}-.*Z$/) },
    });
    expect(modes()).toEqual(['normal', 'fail_open', 'normal']);
    mode.portDrills.end('hitCounter');
    expect(live()).not.toHaveProperty('port_drills');
  });

  it('says so if Redis is not used', () => {
    expect(liveTable('storage', undefined, [])).toEqual({
      service: 'storage',
      redis: 'not_used',
      degraded: false,
      rows: [],
    });
  });
});

describe('the live table of several dependencies', () => {
  const closedRow = { route: 'POST /v1/x', operation: 'x', whenRedisDown: {} };
  const newPrices = (options: Partial<DegradedModeOptions> = {}) =>
    new DegradedMode({ service: 'shop', dependency: 'prices', classify, ...options });

  function bound(prices: DegradedMode) {
    const ports = { quotes: { dependency: prices, primary: { find: async () => 1 } } };
    const policy = { ...closedRow, whenDown: { quotes: closed } };
    return new RowBinding<typeof ports, unknown>(policy, ports, prices);
  }

  it('tells of each by name, and speaks of Redis only where that is used', () => {
    const prices = newPrices({ maxCallsUnderWay: 5, rampMs: 1000 });
    const live = liveTable('shop', prices, [bound(prices)]);
    expect(live).toMatchObject({ redis: 'not_used', degraded: true });
    expect(live).not.toHaveProperty('reason');
    expect(live.dependencies).toEqual({
      prices: {
        ...{ state: 'unknown', breaker: 'open', degraded: true },
        ...{ calls: { under_way: 0, max: 5 }, admitted_share: 1 },
      },
    });
    expect(live.rows).toMatchObject([{ mode: 'fail_closed', backed_by: { quotes: 'prices' } }]);
  });

  it('tells of a drill of one of them', () => {
    const prices = newPrices();
    comeUp(prices);
    prices.availability.beginDrill(60);
    const { dependencies } = liveTable('shop', prices, [bound(prices)]);
    expect(dependencies?.['prices']).toMatchObject({ degraded: true, reason: 'drill' });
    expect(dependencies?.['prices']).toHaveProperty('drill_ends_at');
    prices.availability.endDrill();
  });

  it('a row that says of its port another dependency stops the process when it is bound', () => {
    const prices = newPrices();
    const ports = { quotes: { dependency: prices, primary: {} } };
    const declared = { whenDown: { quotes: closed }, backedBy: { quotes: 'mail' } };
    expect(() => new RowBinding({ ...closedRow, ...declared }, ports, prices)).toThrow(
      'POST /v1/x: the port quotes is backed by prices, not by mail',
    );
  });

  it('a port of a different dependency among those of Redis stops it too', () => {
    const prices = newPrices();
    const ports = { quotes: { dependency: prices, primary: {} } };
    const whenRedisDown = { quotes: closed };
    expect(() => new RowBinding({ ...closedRow, whenRedisDown }, ports, prices)).toThrow(
      'POST /v1/x: the port quotes is backed by prices, not by redis',
    );
  });

  it('a name that would break a header or a label is refused', () => {
    for (const dependency of ['a b', '', 'a;b', 'ä']) {
      expect(() => newPrices({ dependency })).toThrow('expected letters');
    }
  });
});

describe('the table of the docs', () => {
  it('names the dependency of each port that Redis does not back', () => {
    const row = {
      ...{ route: 'GET /quote', operation: 'quote', whenRedisDown: { visits: failOpen.local() } },
      ...{ whenDown: { prices: closed }, backedBy: { prices: 'price_service' } },
    };
    expect(markdownTable([row])).toBe(
      [
        '| route | when a dependency is down |',
        '|---|---|',
        '| `GET /quote` | visits: fail open: local<br>' +
          'prices (price_service): fail closed (503, Retry-After 5) |',
      ].join('\n'),
    );
  });

  it('has a line for each row, with every declared outcome', () => {
    const rows = [
      { route: 'GET /v1/quota', operation: 'quota', whenRedisDown: {} },
      {
        route: 'POST /v1/login',
        operation: 'login',
        whenRedisDown: { sessions: stateless, failedLogins: failOpen.local() },
      },
    ];
    expect(markdownTable(rows)).toBe(
      [
        '| route | when Redis is down |',
        '|---|---|',
        '| `GET /v1/quota` | – |',
        '| `POST /v1/login` | sessions: fail closed (503, Retry-After 5); ' +
          'with ENABLE_STATELESS_AUTH=true fail open: skip<br>failed-logins: fail open: local |',
      ].join('\n'),
    );
  });
});
