import { posix } from "node:path";
import { refuse, type Place } from "./place";
import { hasFile, hasPath, pathWithin, type ProjectFolder } from "./project-folder";

/** A line for pip, and where it stands. */
export interface Requirement {
  readonly line: string;
  readonly place: Place;
}

/**
 * The lines with those of the files that `-r` names in their place: where Azure ML builds the environment there is no file beside it.
 *
 * @param base the folder of the project that paths in the lines are relative to
 * @param within the files that lead here, for a circle
 * @throws ProviderError for what pip would need of the project's folder
 */
export function inlined(
  requirements: readonly Requirement[],
  folder: ProjectFolder,
  base: string,
  within: readonly string[] = [],
): readonly string[] {
  return requirements.flatMap(({ line, place }) => {
    const included = /^(?:-r|--requirement(?=[\s=]))[\s=]*(\S.*)$/.exec(line)?.[1];
    if (included === undefined || /^https?:/i.test(included)) {
      refuseLocal(line, place, folder, base);
      return [line];
    }
    const path = pathWithin(included, base);
    if (path === undefined || !hasFile(folder, path))
      return refuse(place, `-r ${included}: the project has no such file`, {
        allowed: "the path of a file in the project's folder",
      });
    if (within.includes(path)) return refuse(place, `-r ${included}: the file leads to itself`);
    return inlined(requirementLines(path, folder.read(path)), folder, posix.dirname(path), [...within, path]);
  });
}

/** The lines of a `requirements.txt` as pip takes them: joined at a backslash, without comments. */
export function requirementLines(file: string, text: string): readonly Requirement[] {
  const found: Requirement[] = [];
  let open: Requirement | undefined;
  for (const [index, physical] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .entries()) {
    const comment = /^\s*#/.test(physical);
    const line: string = (open?.line ?? "") + (open !== undefined && comment ? ` ${physical}` : physical);
    const joined: Requirement = { line, place: open?.place ?? { file, line: index + 1 } };
    open = !comment && line.endsWith("\\") ? { ...joined, line: line.slice(0, -1) } : undefined;
    if (open === undefined) found.push(joined);
  }
  return [...found, ...(open === undefined ? [] : [open])]
    .map(({ line, place }) => ({ line: line.replace(/(^|\s+)#.*$/s, "").trim(), place }))
    .filter(({ line }) => line !== "");
}

/** What pip takes for a file where there is one of the name. */
const ARCHIVE = /\.(?:whl|zip|tar\.\w+|tgz)$/i;

function refuseLocal(line: string, place: Place, folder: ProjectFolder, base: string): void {
  const [, option = "", rest = line] =
    /^(-[cef]|--(?:constraint|editable|find-links)(?=[\s=]))[\s=]*(\S.*)$/.exec(line) ?? [];
  if (option === "-c" || option === "--constraint")
    refuse(place, `${line}: there is no file beside the environment where Azure ML builds it`, {
      allowed: "packages, and -r with a file of the project",
      tryThis: "write the versions into the requirements themselves",
    });
  const path = rest.replace(/\[[^\]]*\]$/, "");
  const named =
    option !== "" || path.includes("/") || ARCHIVE.test(path) ? pathWithin(path, base) : undefined;
  const isLocal = /^\.{0,2}\/|^\.{1,2}$|^file:|@\s*file:/i.test(path);
  const isEditable = option === "-e" || option === "--editable";
  if (
    isLocal ||
    (named !== undefined && named !== "." && hasPath(folder, named)) ||
    (isEditable && !rest.includes("://"))
  )
    refuse(
      place,
      `${line} is of this machine's files, which are not there where Azure ML builds the environment`,
      {
        allowed: "packages of an index, or of a URL",
        tryThis: "leave it out, and import it from the job's folder, where the project is",
      },
    );
}
