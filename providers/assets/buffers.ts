/** A piece of memory that is used again once it is free. */
export interface Lent {
  readonly bytes: Buffer;
  free(): void;
}

const SMALLEST = 4096;

/**
 * Lends buffers and keeps those that come back, up to so many bytes in all: memory that is asked for and let go by the file lies about until the
 * next collection, which comes the later the less else there is to collect.
 */
export class Buffers {
  private readonly kept = new Map<number, Buffer[]>();
  private keptBytes = 0;

  constructor(private readonly most: number) {}

  lend(length: number): Lent {
    const size = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(length)));
    const kept = this.kept.get(size) ?? [];
    this.kept.set(size, kept);
    const known = kept.pop();
    if (known !== undefined) this.keptBytes -= size;
    const buffer = known ?? Buffer.allocUnsafeSlow(size);
    return {
      bytes: buffer.subarray(0, length),
      free: () => {
        if (this.keptBytes + size > this.most) return;
        this.keptBytes += size;
        kept.push(buffer);
      },
    };
  }
}
