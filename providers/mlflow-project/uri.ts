/** The scheme of a URI as Python's `urllib.parse` sees it, in small letters; empty for what is none. */
export function schemeOf(text: string): string {
  // As Python's urlsplit does, after WHATWG.
  const cleaned = text.replace(/^[\0-\x20]+/, "").replace(/[\t\r\n]/g, "");
  return /^([a-z][a-z0-9+.-]*):/i.exec(cleaned)?.[1]?.toLowerCase() ?? "";
}

/**
 * The local path that MLflow sees in a value of type `path`; absent for what it would download.
 *
 * @see mlflow/utils/file_utils.py of MLflow 2.22, get_local_path_or_none: percent signs are decoded, in a plain path too
 */
export function localPathOf(text: string): string | undefined {
  const scheme = schemeOf(text);
  if (scheme === "") return unquote(text);
  if (scheme !== "file" || /^[^:]*:\/\/[^/?#]/.test(text)) return undefined;
  return unquote(text.replace(/^file:(?:\/\/)?/, "").replace(/[?#].*$/s, ""));
}

/** Python's `unquote`: what is no escape stays, and bytes that are no UTF-8 become U+FFFD. */
function unquote(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll("%", ""), "hex").toString("utf8"),
  );
}
