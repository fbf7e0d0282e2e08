/** Of which kind an archive is, by its name; undefined for what is none. */
export function archiveKind(name: string): "zip" | "tar" | undefined {
  if (/\.zip$/i.test(name)) return "zip";
  return /\.(tar|tar\.gz|tgz)$/i.test(name) ? "tar" : undefined;
}
