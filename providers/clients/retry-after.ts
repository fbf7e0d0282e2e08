/** The headers of an answer. */
interface Headers {
  get(name: string): string | undefined;
}

/** Milliseconds until a service wants to be asked again: in its own headers, or in seconds or as a date in HTTP's; undefined where it says nothing. */
export function retryAfter(headers: Headers, now: number = Date.now()): number | undefined {
  const milliseconds = headers.get("x-ms-retry-after-ms") ?? headers.get("retry-after-ms");
  if (milliseconds !== undefined && /^\d+$/.test(milliseconds)) return Number(milliseconds);
  const text = headers.get("retry-after");
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
