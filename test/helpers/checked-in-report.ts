import { readFileSync } from "node:fs";
import { join } from "node:path";
import { workflowsFolder } from "./workflow-runner";

/** What the pull request's comment is; the page of the guide shows it. */
export const report = readFileSync(join(workflowsFolder, "report.md"), "utf8");

/**
 * With names and digests instead of what is another one on each machine and each time, and without the warning that the tests' own start of the pack brings.
 */
export function stable(comment = ""): string {
  const [, suffix = ""] = /`oe-mlflow-dev-(\w+)`/.exec(comment) ?? [];
  const [, from = "", to = ""] = /model ([0-9a-f]{4}) → ([0-9a-f]{4}) /.exec(comment) ?? [];
  const digest = (first: string): RegExp => new RegExp(`(?<= |")${first}(?=[0-9a-f]{60}"| )`, "g");
  return comment
    .replaceAll(suffix, "a1b2c")
    .replace(digest(from), "3f9c")
    .replace(digest(to), "a41d")
    .replace(/(?<="[0-9a-f]{4})[0-9a-f]{60}(?=")/g, "0".repeat(60))
    .replace(/[\d.]+ [kM]B in all/, "9.1 kB in all")
    .replace(/mlflow-deployment-[0-9a-f]{10}/g, "mlflow-deployment-0123456789")
    .replace(/\*\*Warnings\*\*\n\n- using pulumi-analyzer-policy\S+ from .+\n\n/, "");
}

/** What the report says to those who use the model. */
export function sentenceIn(comment = ""): string {
  return comment.split("\n").find((line) => line.startsWith("- `oe-mlflow-dev-")) ?? "";
}
