/** A failed check of a probe, worded like an error reply: `READONLY role`. */
export class CannotServe extends Error {
  override readonly name = 'CannotServe';
}
