/** Addresses that Azure keeps of each subnet, from its first on. */
const KEPT = 4;

/** An IPv4 range: its first address as a number, and how many there are. */
export interface Range {
  readonly first: number;
  readonly size: number;
}

/** `10.0.1.0/24`; undefined for what is no range whose address is its first. */
export function rangeOf(prefix: string): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(prefix);
  const numbers = (match ?? []).slice(1).map(Number);
  const [bits = 33, ...bytes] = [numbers[4], ...numbers.slice(0, 4)];
  if (match === null || bits > 32 || bytes.some((byte) => (byte ?? 256) > 255)) return undefined;
  const first = bytes.reduce<number>((sum, byte) => sum * 256 + (byte ?? 0), 0);
  const size = 2 ** (32 - bits);
  return first % size === 0 ? { first, size } : undefined;
}

export function overlap(a: Range, b: Range): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.first + inner.size <= outer.first + outer.size;
}

/** The lowest addresses of the range that nobody has; fewer, when there are not as many. */
export function freeAddresses(range: Range, used: ReadonlySet<string>, count: number): string[] {
  const found: string[] = [];
  // The last address is the broadcast.
  for (let at = KEPT; at < range.size - 1 && found.length < count; at++) {
    const address = dotted(range.first + at);
    if (!used.has(address)) found.push(address);
  }
  return found;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
