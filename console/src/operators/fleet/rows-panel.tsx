import { useState } from 'preact/hooks';
import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { Tone } from '../../ui/tone.ts';
import {
  type FleetRow,
  filterRows,
  type RowFilter,
  type RowState,
  rowState,
  usesOf,
} from './fleet.ts';

const states: Readonly<Record<RowState, { readonly tone: Tone; readonly text: string }>> = {
  normal: { tone: 'good', text: 'normal' },
  refuses: { tone: 'bad', text: 'refuses' },
  goes_on: { tone: 'warn', text: 'goes on' },
  differs: { tone: 'warn', text: 'differs' },
};

const stateOptions = [
  ['all', 'all'],
  ['unusual', 'not normal'],
  ['refuses', 'refuses'],
  ['goes_on', 'goes on with a fallback'],
  ['differs', 'differs between instances'],
  ['normal', 'normal'],
] as const satisfies readonly (readonly [RowFilter['state'], string])[];

const columns = ['Route', 'Now', 'Without its dependency', 'Fallbacks used'];

/** Every row of every service: what it does now, what it declares, and how often that was used. */
export function RowsPanel({ rows }: { rows: readonly FleetRow[] }) {
  const [filter, setFilter] = useState<RowFilter>({ text: '', service: '', state: 'all' });
  const services = [...new Set(rows.map(({ service }) => service))];
  const shown = filterRows(rows, filter);
  return (
    <Panel title="Routes">
      <search class="mb-4 grid gap-3 sm:grid-cols-[2fr_1fr_1fr]">
        <TextField
          label="Search"
          type="search"
          value={filter.text}
          onInput={(text) => setFilter({ ...filter, text })}
        />
        <SelectField
          label="Service"
          value={filter.service}
          options={[['', 'all'], ...services.map((name) => [name, name] as const)]}
          onChange={(service) => setFilter({ ...filter, service })}
        />
        <SelectField
          label="State"
          value={filter.state}
          options={stateOptions}
          onChange={(state) => setFilter({ ...filter, state })}
        />
      </search>
      <p role="status" class="mb-2 text-sm text-muted">
        {shown.length} of {rows.length} routes
      </p>
      {shown.length > 0 && (
        <Table caption="Routes and what they do now" columns={columns}>
          {shown.map((row) => (
            <FleetTableRow key={`${row.service} ${row.route}`} row={row} />
          ))}
        </Table>
      )}
    </Panel>
  );
}

function FleetTableRow({ row }: { row: FleetRow }) {
  const state = rowState(row);
  const { tone, text } = states[state];
  const ports = Object.entries(row.ports);
  const uses = usesOf(row);
  return (
    <Row>
      <Cell column="Route" isHeader>
        <span class="font-mono text-[0.8125rem]">{row.route}</span>
        <span class="block text-xs font-normal text-muted">
          {row.service} · {row.operation}
        </span>
      </Cell>
      <Cell column="Now">
        <Badge tone={tone}>{text}</Badge>
        {state === 'differs' && (
          <span class="block text-xs text-muted">{modesText(row.instances)}</span>
        )}
      </Cell>
      <Cell column="Without">
        {ports.length === 0 ? (
          <span class="text-muted">needs none</span>
        ) : (
          ports.map(([port, fallback]) => (
            <span key={port} class="block">
              <span class="font-medium">{port}</span> <span class="text-muted">{fallback}</span>
            </span>
          ))
        )}
      </Cell>
      <Cell column="Used">
        {uses === 0 ? (
          <span class="text-muted">never</span>
        ) : (
          Object.entries(row.used ?? {}).map(([port, count]) => (
            <span key={port} class="block tabular-nums">
              {count.toLocaleString()} × {port}
            </span>
          ))
        )}
      </Cell>
    </Row>
  );
}

function modesText({ normal, fail_closed, fail_open }: FleetRow['instances']): string {
  const parts = [
    normal > 0 ? `${normal} normal` : '',
    fail_closed > 0 ? `${fail_closed} refusing` : '',
    fail_open > 0 ? `${fail_open} going on` : '',
  ];
  return parts.filter(Boolean).join(', ');
}
