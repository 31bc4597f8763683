/** Thrown out of a generator of pictures to end whoever draws on it: the task was asked to stop. */
export class Stopped extends Error {}
