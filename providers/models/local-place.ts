import { type Rule, rule } from "../rules";

/** The form of a `LocalPlace`. */
export const localPlace: Rule = rule(
  isLocalPlace,
  "the path of a folder, an archive or a file, or { file }, { text } or { files } of such",
);

function isLocalPlace(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  if (typeof value !== "object" || value === null) return false;
  const { file, text, files } = value as Readonly<Record<string, unknown>>;
  if (Object.keys(value).length !== 1) return false;
  if (typeof file === "string" || typeof text === "string") return true;
  return typeof files === "object" && files !== null && Object.values(files).every(isLocalPlace);
}
