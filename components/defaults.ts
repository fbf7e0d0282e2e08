import * as pulumi from "@pulumi/pulumi";

/** An arg's value as a provider takes it, or what it is by default. */
export function mapped<T, R>(
  arg: pulumi.Input<T> | undefined,
  byDefault: T,
  map: (value: T) => R,
): pulumi.Output<R> {
  return pulumi.output(arg as pulumi.Input<T | undefined>).apply((value) => map((value ?? byDefault) as T));
}
