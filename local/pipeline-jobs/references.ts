/** What a text of a step has between `${{` and `}}`. */
export type Reference =
  | { readonly kind: "input"; readonly input: string }
  | { readonly kind: "step"; readonly step: string; readonly output: string }
  | { readonly kind: "output"; readonly output: string };

const ONE = /^\$\{\{\s*([^{}]+?)\s*\}\}$/;
const ANY = /\$\{\{\s*([^{}]+?)\s*\}\}/g;

/** What the whole text refers to; undefined for a text that says something itself. */
export function referenceIn(text: string): Reference | undefined {
  const inner = ONE.exec(text)?.[1];
  return inner === undefined ? undefined : parsed(inner);
}

/** What a text refers to, in whole or in part. */
export function referencesIn(text: string): readonly Reference[] {
  return [...text.matchAll(ANY)].flatMap(([, inner = ""]) => parsed(inner) ?? []);
}

/** The text with the values of the pipeline's inputs in their places. */
export function withInputs(text: string, valueOf: (input: string) => string): string {
  return text.replace(ANY, (whole: string, inner: string) => {
    const reference = parsed(inner);
    return reference?.kind === "input" ? valueOf(reference.input) : whole;
  });
}

function parsed(inner: string): Reference | undefined {
  const [, input] = /^parent\.inputs\.(\w+)$/.exec(inner) ?? [];
  if (input !== undefined) return { kind: "input", input };
  const [, step, output] = /^parent\.jobs\.(\w+)\.outputs\.(\w+)$/.exec(inner) ?? [];
  if (step !== undefined && output !== undefined) return { kind: "step", step, output };
  const [, own] = /^parent\.outputs\.(\w+)$/.exec(inner) ?? [];
  return own === undefined ? undefined : { kind: "output", output: own };
}
