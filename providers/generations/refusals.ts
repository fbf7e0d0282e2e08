/** A generation that failed. */
export interface Refusal {
  readonly generation: string;
  readonly reason: string;
  /** The retry token of then. */
  readonly retry?: string;
}

/** How many refused generations are remembered, and how much of each reason: tags are small. */
const REFUSALS = 5;
export const REASON_LENGTH = 240;

/** The refused generations with one more. @param retry the retry token of now: another one lets it try again */
export function refuse(
  { refused }: { readonly refused: readonly Refusal[] },
  generation: string,
  reason: string,
  retry: string | undefined,
): Refusal[] {
  const others = refused.filter((one) => one.generation !== generation);
  const refusal = {
    generation,
    reason: reason.slice(0, REASON_LENGTH),
    ...(retry === undefined ? {} : { retry }),
  };
  return [...others, refusal].slice(-REFUSALS);
}
