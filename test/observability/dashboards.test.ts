import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dashboards, readYaml, root } from './deployed.ts';

const provisioning = join(root, 'deploy', 'grafana', 'provisioning');
interface Provider {
  readonly options: { readonly path: string };
}
interface Datasource {
  readonly uid: string;
  readonly type: string;
  readonly url: string;
}

const all = dashboards();
const panels = all.flatMap(({ file, panels: own }) => own.map((panel) => ({ file, ...panel })));
const charts = panels.filter(({ type }) => type !== 'row');

describe('the dashboards', () => {
  it('have unique, stable names', () => {
    expect(all.map(({ file, uid }) => [file, uid])).toEqual([
      ['calls.json', 'secureconnect-calls'],
      ['cassandra.json', 'secureconnect-cassandra'],
      ['degraded-mode.json', 'secureconnect-degraded'],
      ['overview.json', 'secureconnect-overview'],
      ['stores.json', 'secureconnect-stores'],
    ]);
  });

  it('have nothing of one machine: no ids of a database, times relative to now', () => {
    for (const board of all) {
      expect(board).not.toHaveProperty('id');
      expect(board).toMatchObject({ time: { from: 'now-15m', to: 'now' }, editable: false });
    }
  });

  it.each(charts)('$file: $title says what it shows, in which unit, from where', (panel) => {
    expect(panel.title).not.toBe('');
    expect(panel.description).toMatch(/\.$/);
    expect(panel.fieldConfig?.defaults.unit).toMatch(/^\w+$/);
    expect(panel.datasource?.uid).toBe('prometheus');
    expect(panel.targets?.length).toBeGreaterThan(0);
    for (const { datasource } of panel.targets ?? []) expect(datasource.uid).toBe('prometheus');
  });

  it.each(all)('$file: no two panels have one id, or lie on each other', ({ panels: own }) => {
    const ids = own.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    const cells = own.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(cells.length).toBe(new Set(cells).size);
    expect(Math.max(...own.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
  });
});

describe('the provisioning of Grafana', () => {
  it('brings the data source that the dashboards name', () => {
    const file = join(provisioning, 'datasources', 'prometheus.yml');
    const { datasources } = readYaml<{ datasources: Datasource[] }>(file);
    expect(datasources).toMatchObject([
      { uid: 'prometheus', type: 'prometheus', url: 'http://prometheus:9090' },
    ]);
  });

  it('finds the dashboards where docker-compose.yml mounts them', () => {
    const file = join(provisioning, 'dashboards', 'secureconnect.yml');
    const { providers } = readYaml<{ providers: Provider[] }>(file);
    expect(providers.map(({ options }) => options.path)).toEqual(['/etc/grafana/dashboards']);
  });
});
