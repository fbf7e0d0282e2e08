/** What somebody may want to be told of. */
export const NOTIFIED = ["promoted", "rolledBack", "paused"] as const;
export type Notified = (typeof NOTIFIED)[number];
