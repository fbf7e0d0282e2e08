/** A path of this machine, and no address or id. */
export function isLocal(input: string): boolean {
  return !/^([a-z][a-z0-9+.-]+:|\/subscriptions\/)/i.test(input);
}
