/** A generation that serves no more. */
export interface OldGeneration {
  readonly generation: string;
  /** When it may go. */
  readonly until: number;
  /** Whether it once was promoted. */
  readonly proven: boolean;
}

/** The list of the old with one more. */
export function retire(
  { retireAfterSeconds }: { readonly retireAfterSeconds: number },
  old: readonly OldGeneration[],
  generation: string,
  proven: boolean,
  now: number,
): OldGeneration[] {
  const others = old.filter((one) => one.generation !== generation);
  return [...others, { generation, until: now + retireAfterSeconds * 1000, proven }];
}

/** Those that are kept to go back to, however old they are. */
export function keptOf(
  { keepGenerations }: { readonly keepGenerations: number },
  { old }: { readonly old: readonly OldGeneration[] },
): string[] {
  const proven = old.filter((one) => one.proven).map(({ generation }) => generation);
  return keepGenerations === 0 ? [] : proven.slice(-keepGenerations);
}
