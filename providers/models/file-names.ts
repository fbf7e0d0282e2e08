/** Characters of a blob's name, its folders included. */
const LONGEST = 1024;
/** What `LocalUpload/DIGEST/FOLDER/` takes of them. */
const ABOVE = 12 + 65 + 256;

/** What blob storage refuses or changes in the names of files, one sentence for each file. */
export function refusedNames(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const reason = reasonOf(path);
    return reason === undefined ? [] : [`the file ${JSON.stringify(path)} ${reason}`];
  });
}

function reasonOf(path: string): string | undefined {
  if (/[\p{Cc}\uFFFE\uFFFF]/u.test(path)) return "has a control character in its name";
  if (path.includes("\\")) return "has a backslash in its name, which blob storage takes for a folder";
  if (path.split("/").some((part) => part.endsWith(".")))
    return "has a name, or is in a folder, that ends in a dot, which blob storage drops";
  if (path.length > LONGEST - ABOVE) return `has a path of more than ${LONGEST - ABOVE} characters`;
  return undefined;
}
