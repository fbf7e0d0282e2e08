/** An IPv4 range: its first address as a number, and how many there are. */
export interface IpRange {
  readonly first: number;
  readonly size: number;
}

/** `16.17.18.19` or `16.17.18.0/24`; undefined for what is neither, or begins inside of its range. */
export function ipRange(text: string): IpRange | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const bytes = match.slice(1, 5).map(Number);
  const bits = Number(match[5] ?? 32);
  if (bits > 32 || bytes.some((byte) => byte > 255)) return undefined;
  const first = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - bits);
  return first % size === 0 ? { first, size } : undefined;
}

export function overlap(a: IpRange, b: IpRange): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/** RFC 6890's ranges that are not of the public internet. */
const reserved = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
].flatMap((range) => ipRange(range) ?? []);

export function isPublic(range: IpRange): boolean {
  return !reserved.some((each) => overlap(each, range));
}
