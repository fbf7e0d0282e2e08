/** Values come from whoever made them: no line, link, mention or HTML of theirs. Code spans are the sentences' own. */
export function escaped(text: string): string {
  const parts = text.replace(/\s+/g, " ").split("`");
  return parts
    .map((part, at) =>
      at % 2 === 1 ? part : part.replace(/[\\[\]<>*_#|~]/g, "\\$&").replace(/@(?=\w)/g, "@\u200B"),
    )
    .join("`");
}

/** Text that is shown as it is, in a code span. */
export function code(text: string): string {
  return `\`${text.replace(/\s+/g, " ").replaceAll("`", "'")}\``;
}
