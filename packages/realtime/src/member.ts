/** A member of rooms: a socket, or a group of sockets. */
export interface Member {
  readonly id: string;
  readonly userId: string;
  /**
   * Receives a frame as JSON text, possibly already in UTF-8; never throws.
   * @param exceptMember the id of a member of this group that does not get it
   */
  sendText(text: string | Buffer, exceptMember?: string): void;
}
