import { sizeInWords } from "./changes";

/** Characters of a blob's name, its folders included, and how many names it may be made of. */
const LONGEST = 1024;
const MOST_PARTS = 254;
/** What `LocalUpload/DIGEST/FOLDER/` takes of them. */
const ABOVE = 12 + 65 + 256;
const PARTS_ABOVE = 3;
/** Bytes of a block blob: 50,000 blocks of 4,000 MiB. */
const LARGEST = 50_000 * 4000 * 1024 * 1024;

/** What is compared with blob storage's limits. */
interface JudgedFile {
  readonly path: string;
  /** Bytes. */
  readonly length: number;
}

/**
 * What blob storage refuses of files, or changes in their names, one sentence for each file.
 *
 * Of: Naming and Referencing Containers, Blobs, and Metadata; Scalability and performance targets for Blob storage.
 */
export function refusedFiles(files: readonly JudgedFile[]): string[] {
  return files.flatMap((file) => {
    const reason = reasonOf(file);
    return reason === undefined ? [] : [`the file ${JSON.stringify(file.path)} ${reason}`];
  });
}

function reasonOf({ path, length }: JudgedFile): string | undefined {
  const parts = path.split("/");
  if (/[\p{Cc}\uFFFE\uFFFF]/u.test(path)) return "has a control character in its name";
  if (path.includes("\\")) return "has a backslash in its name, which blob storage takes for a folder";
  if (parts.some((part) => part.endsWith(".")))
    return "has a name, or is in a folder, that ends in a dot, which blob storage drops";
  if (path.length > LONGEST - ABOVE) return `has a path of more than ${LONGEST - ABOVE} characters`;
  if (parts.length > MOST_PARTS - PARTS_ABOVE)
    return `is more than ${MOST_PARTS - PARTS_ABOVE - 1} folders deep`;
  if (length > LARGEST)
    return `has ${sizeInWords(length)}, and blob storage takes ${sizeInWords(LARGEST)} in one file`;
  return undefined;
}
