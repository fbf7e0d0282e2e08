/** How much may be under way at once. */
export interface Limits {
  readonly requests: number;
  readonly bytes: number;
}

/**
 * Lets work begin, in the order in which it was asked for, as long as no more than so many requests and bytes are under way: so memory does not
 * grow with what is sent.
 */
export class Budget {
  private requests = 0;
  private bytes = 0;
  private readonly waiting: { readonly bytes: number; begin(): void }[] = [];

  constructor(private readonly limits: Limits) {}

  /** @param bytes that the work holds in memory; one that is larger than all there are runs alone */
  async spend<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    await this.begin(bytes);
    try {
      return await work();
    } finally {
      this.end(bytes);
    }
  }

  /** Waits until there is room; whoever began ends. */
  async begin(bytes: number): Promise<void> {
    if (this.waiting.length > 0 || !this.fits(bytes))
      await new Promise<void>((resolve) => this.waiting.push({ bytes, begin: resolve }));
    else this.take(bytes);
  }

  end(bytes: number): void {
    this.requests -= 1;
    this.bytes -= bytes;
    for (let next = this.waiting[0]; next !== undefined && this.fits(next.bytes); next = this.waiting[0]) {
      this.waiting.shift();
      this.take(next.bytes);
      next.begin();
    }
  }

  private fits(bytes: number): boolean {
    const { requests, bytes: most } = this.limits;
    return this.requests === 0 || (this.requests < requests && this.bytes + bytes <= most);
  }

  private take(bytes: number): void {
    this.requests += 1;
    this.bytes += bytes;
  }
}
