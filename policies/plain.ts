/** A resource's properties, as the engine gives them. Reading one that is not known yet throws Pulumi's `UnknownValueError`. */
export type Properties = Readonly<Record<string, unknown>>;

/** What is at a path of names, as `properties.authMode`; undefined where nothing is. */
export function at(properties: Properties, path: string): unknown {
  let value: unknown = properties;
  for (const name of path.split(".")) value = record(value)[name];
  return value;
}

/** The value where it is an object, else an empty one. */
export function record(value: unknown): Properties {
  return typeof value === "object" && value !== null ? (value as Properties) : {};
}

/** The words where the condition holds, else nothing. */
export function when(condition: boolean, words: string): readonly string[] {
  return condition ? [words] : [];
}

/** What is read; undefined where it isn't known yet. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    // Pulumi leaves its `UnknownValueError` out of its declarations; nothing else has this.
    if (error instanceof Error && "unknownTypeSentinel" in error) return undefined;
    throw error;
  }
}
