/** Secrets that a test has planted, by what they are: `{ "account key": "…" }`. */
export type Planted = Readonly<Record<string, string>>;

/** Shorter ones would be found in what is no leak. */
const SHORTEST = 12;

/**
 * Which of the secrets a text gives away, and in which form: as it is, URL-encoded, in JSON's or base64's writing, whatever stands before
 * it in the encoded text. Empty when none is there.
 *
 * @throws Error for a secret that is too short to search for
 */
export function leaksIn(text: string, planted: Planted): string[] {
  return Object.entries(planted).flatMap(([name, secret]) => {
    if (secret.length < SHORTEST) throw new Error(`${name} is too short to search for`);
    return formsOf(secret).flatMap(([form, written]) => (text.includes(written) ? [`${name}, ${form}`] : []));
  });
}

type Form = readonly [form: string, written: string];

function formsOf(secret: string): Form[] {
  const encoded = [0, 1, 2].flatMap((before) => {
    const written = inBase64(secret, before);
    return [
      ["base64", written],
      ["base64url", written.replaceAll("+", "-").replaceAll("/", "_")],
      ["base64, URL-encoded", encodeURIComponent(written)],
    ] as const;
  });
  const forms: Form[] = [
    ["as it is", secret],
    ["URL-encoded", encodeURIComponent(secret)],
    ["URL-encoded twice", encodeURIComponent(encodeURIComponent(secret))],
    ["in JSON", inJson(secret)],
    ["in JSON of JSON", inJson(inJson(secret))],
    ["in Go's JSON", inGosJson(secret)],
    ["in Go's JSON of JSON", inGosJson(inGosJson(secret))],
    ["hexadecimal", Buffer.from(secret).toString("hex")],
    ...encoded,
  ];
  // Most secrets are written alike in several forms: each writing is told once.
  return [...new Map(forms.reverse().map((one) => [one[1], one])).values()];
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The engine is written in Go, whose JSON has these characters of HTML by number. */
const inGosJson = (text: string): string =>
  inJson(text).replaceAll("&", "\\u0026").replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");

/** The characters that are the secret's alone when so many bytes (modulo 3) stand before it: those at its ends hold neighbours' bits. */
function inBase64(secret: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const whole = Math.floor((bytes.length * 8) / 6);
  return bytes.toString("base64").slice(Math.ceil((before * 8) / 6), whole);
}
