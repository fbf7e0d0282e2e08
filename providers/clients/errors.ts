/** What a person needs to mend what went wrong. */
export interface Fault {
  /** What is wrong, one sentence without its full stop. */
  readonly what: string;
  /** The property, file or resource that it is about. */
  readonly where?: string;
  /** What would have been right. */
  readonly allowed?: string;
  /** What to do about it. */
  readonly tryThis?: string;
}

/** A fault in one line: `path: no such folder. Allowed: …. Try: ….` */
export function printFault({ what, where, allowed, tryThis }: Fault): string {
  const sentences = [
    where === undefined ? what : `${where}: ${what}`,
    ...(allowed === undefined ? [] : [`Allowed: ${allowed}`]),
    ...(tryThis === undefined ? [] : [`Try: ${tryThis}`]),
  ];
  return sentences.map((sentence) => sentence.replace(/\.?$/, ".")).join(" ");
}

/** A fault that is the caller's or the cloud's, not this package's: it is printed without a stack trace. */
export class ProviderError extends Error {
  constructor(readonly fault: Fault) {
    super(printFault(fault));
    this.name = "ProviderError";
    // Pulumi's dynamic-provider process prints `stack` beside the message.
    this.stack = "";
  }
}
