/** Whatever can be in a room: a socket, or a group of them. */
export interface Member {
  readonly id: string;
  readonly userId: string;
  /**
   * Takes a frame as JSON text, which may be in UTF-8 already; never throws.
   * @param exceptMember the id of a member of this group that does not get it
   */
  sendText(text: string | Buffer, exceptMember?: string): void;
}
