/** Whether a server answers HTTP at a URL, with whatever status. */
export async function answersHttp(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).arrayBuffer();
    return true;
  } catch {
    return false; // it does not listen yet
  }
}
