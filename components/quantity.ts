/** How many thousandths Kubernetes' suffixes stand for. */
const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1,
  "": 1e3,
  k: 1e6,
  M: 1e9,
  G: 1e12,
  T: 1e15,
  Ki: 1e3 * 2 ** 10,
  Mi: 1e3 * 2 ** 20,
  Gi: 1e3 * 2 ** 30,
  Ti: 1e3 * 2 ** 40,
};

/** The thousandths that a Kubernetes quantity stands for: of a core (`700m`) or of a byte (`1500Mi`); undefined when it is none. */
export function quantityOf(text: string): number | undefined {
  const [, number, suffix = ""] = /^(\d+(?:\.\d+)?)([kMGT]i?|Ki|m)?$/.exec(text) ?? [];
  const factor = SUFFIXES[suffix];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
