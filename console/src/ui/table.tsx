import type { ComponentChildren } from 'preact';

interface TableProps {
  /** What the table shows, for screen readers. */
  readonly caption: string;
  readonly columns: readonly string[];
  /** Rows of {@link Cell}. */
  readonly children: ComponentChildren;
}

/** A table; on a phone each row becomes a block in which every cell names its column. */
export function Table({ caption, columns, children }: TableProps) {
  return (
    <table class="block w-full text-sm md:table">
      <caption class="sr-only">{caption}</caption>
      <thead class="sr-only md:not-sr-only md:table-header-group">
        <tr class="text-left text-muted">
          {columns.map((column) => (
            <th key={column} scope="col" class="border-b border-line py-2 pr-4 font-medium">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="block md:table-row-group">{children}</tbody>
    </table>
  );
}

export function Row({ children }: { children: ComponentChildren }) {
  return (
    <tr class="block border-b border-line py-3 last:border-0 md:table-row md:py-0">{children}</tr>
  );
}

interface CellProps {
  /** The title of its column, shown on a phone. */
  readonly column: string;
  readonly isHeader?: boolean;
  readonly children: ComponentChildren;
}

export function Cell({ column, isHeader = false, children }: CellProps) {
  const content = (
    <>
      <span aria-hidden="true" class="w-24 shrink-0 font-normal text-muted md:hidden">
        {column}
      </span>
      <div class="min-w-0 wrap-anywhere">{children}</div>
    </>
  );
  const className = 'flex gap-3 py-0.5 align-top md:table-cell md:py-2 md:pr-4';
  if (!isHeader) return <td class={className}>{content}</td>;
  return (
    <th scope="row" class={`${className} text-left font-medium`}>
      {content}
    </th>
  );
}
