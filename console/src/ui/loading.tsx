/** While something is read for the first time. */
export function Loading({ what }: { what: string }) {
  return (
    <p role="status" class="py-6 text-muted">
      Loading {what}…
    </p>
  );
}
