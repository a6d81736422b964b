import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface PanelProps {
  readonly title?: string;
  /** Shown beside the title: buttons, or a state. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of a page with a frame; a region for screen readers if it has a title. */
export function Panel({ title, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      class="min-w-0 rounded-lg border border-line bg-surface p-4 sm:p-5"
    >
      {title !== undefined && (
        <div class="mb-3 flex flex-wrap items-center justify-between gap-2">
          <h2 id={id} class="text-base font-semibold">
            {title}
          </h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}
