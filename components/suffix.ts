import type * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random";

const LENGTH = 5;

/** What ends the names that are unique in the world, or in a region: random, and the same for as long as the stack lives. */
export function createSuffix(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  const suffix = new RandomString(
    `${name}-suffix`,
    { length: LENGTH, special: false, upper: false },
    { parent },
  );
  return suffix.result;
}
