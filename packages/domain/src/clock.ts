/** Where the time comes from. Leases never use it: their clock is the database's. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
