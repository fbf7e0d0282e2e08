type Tags = Readonly<Record<string, string>>;

/** What brings declared tags to a server, and leaves those of others alone. */
export interface TagChanges {
  readonly set: readonly (readonly [key: string, value: string])[];
  readonly remove: readonly string[];
}

/**
 * @param was what the program declared before
 * @param wanted what it declares now
 * @param live what the server has
 */
export function tagChanges(was: Tags, wanted: Tags, live: Tags): TagChanges {
  return {
    set: Object.entries(wanted).filter(([key, value]) => !(key in live) || live[key] !== value),
    remove: Object.keys(was).filter((key) => !(key in wanted) && key in live),
  };
}

/** The tags that a program declares, as they are. */
export function declaredTags(declared: Tags = {}, live: Tags): Record<string, string> {
  return Object.fromEntries(Object.entries(live).filter(([key]) => key in declared));
}
