import type { ModelVersionInputs } from "./types";

/**
 * Versions that a resource made by this process stands for, though they were there: where a source is another by its address alone and has the
 * same content, the engine then deletes the resource that is replaced, which is the very same version.
 */
export class TakenOn {
  private readonly places = new Set<string>();

  add(inputs: ModelVersionInputs, id: string): void {
    this.places.add(placeOf(inputs, id));
  }

  has(inputs: ModelVersionInputs, id: string): boolean {
    return this.places.has(placeOf(inputs, id));
  }
}

/** An MLflow server's ids are not those of another. */
function placeOf({ server }: ModelVersionInputs, id: string): string {
  return `${server?.trackingUri ?? ""} ${id}`;
}
