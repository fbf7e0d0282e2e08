/** Why there is no Python for an environment; its message goes to whoever asked for it. */
export class EnvironmentFailed extends Error {}
