import { ProviderError, type Fault } from "../clients/errors";

/** Where in a project something stands. */
export interface Place {
  /** Path in the project, `MLproject`. */
  readonly file: string;
  /** Counted from 1; absent for a file as a whole, and one that is not there. */
  readonly line?: number;
}

/** As editors open it: `MLproject:12`. */
export function printPlace({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** @throws ProviderError always, with the place in front */
export function refuse(place: Place, what: string, more: Pick<Fault, "allowed" | "tryThis"> = {}): never {
  throw new ProviderError({ what, where: printPlace(place), ...more });
}
