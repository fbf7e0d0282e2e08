/** A way into nested objects and lists. */
export type Place = readonly string[];

/** Where a value has the path: `rules.*.port` is at `rules 0 port` and `rules 1 port` of a list of two. */
export function placesOf(value: unknown, path: string): Place[] {
  const [key, ...rest] = path.split(".");
  if (key === undefined || typeof value !== "object" || value === null) return [];
  const keys = key === "*" ? Object.keys(value) : [key];
  return keys.flatMap((name) => {
    const inner: unknown = Reflect.get(value, name);
    if (inner === undefined) return [];
    return rest.length === 0 ? [[name]] : placesOf(inner, rest.join(".")).map((place) => [name, ...place]);
  });
}

export function valueAt(value: unknown, place: Place): unknown {
  return place.reduce((inner: unknown, key) => Reflect.get(inner as object, key) as unknown, value);
}

/** A copy with another value there; `undefined` takes it out. */
export function withValueAt<T extends object>(value: T, [key = "", ...rest]: Place, other: unknown): T {
  const copy = Array.isArray(value) ? ([...value] as unknown as T) : { ...value };
  if (rest.length > 0) Reflect.set(copy, key, withValueAt(Reflect.get(value, key) as object, rest, other));
  else if (other !== undefined) Reflect.set(copy, key, other);
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else Reflect.deleteProperty(copy, key);
  return copy;
}
