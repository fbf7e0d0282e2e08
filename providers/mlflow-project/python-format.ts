/** A piece of a format string: text as it is, or a value's name. */
export type FormatPiece = { readonly text: string } | { readonly name: string };

/** What Python's `str.format` would not take, or would make something else of than a value. */
export interface FormatProblem {
  /** One sentence without its full stop. */
  readonly problem: string;
  /** Where in the text. */
  readonly offset: number;
}

/**
 * Takes a format string of Python's apart: `{name}`, and `{{` and `}}` for braces. `{name!s}` and `{name:}` are the same as `{name}`;
 * anything more, an attribute or a format, is a problem.
 */
export function parseFormat(format: string): readonly FormatPiece[] | FormatProblem {
  const pieces: FormatPiece[] = [];
  for (let offset = 0; offset < format.length;) {
    const rest = format.slice(offset);
    const [taken, piece] = pieceAt(rest);
    if ("problem" in piece) return { ...piece, offset };
    pieces.push(piece);
    offset += taken;
  }
  return pieces;
}

type Found = readonly [length: number, piece: FormatPiece | { readonly problem: string }];

function pieceAt(rest: string): Found {
  const [text] = /^[^{}]+/.exec(rest) ?? [];
  if (text !== undefined) return [text.length, { text }];
  if (/^(?:\{\{|\}\})/.test(rest)) return [2, { text: rest.slice(0, 1) }];
  if (rest.startsWith("}")) return [1, { problem: "there is a } alone" }];
  const [field, inside] = /^\{([^{}]*)\}/.exec(rest) ?? [];
  if (field === undefined || inside === undefined)
    return [1, { problem: "there is a { that nothing closes" }];
  const name = inside.replace(/(?:!s)?:?$/, "");
  if (/^\d*$/.test(name)) return [field.length, { problem: `${field} names no parameter` }];
  if (/[.[\]!:]/.test(name))
    return [field.length, { problem: `${field} asks for a part or a format of a value` }];
  return [field.length, { name }];
}
