/** A command line that cannot be followed; its message is meant for the user. */
export class UsageError extends Error {}
