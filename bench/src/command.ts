import type { EngineChoice, EngineOptions } from '@singan/engine';

/** What the machine's environment says. */
export interface CommandEnvironment {
  readonly engine: EngineOptions;
  readonly engineChoice: EngineChoice;
  /** A file of weights for SIFID; those that come with the service when absent. */
  readonly sifidWeights: string | undefined;
  /** For people; results go to stdout. */
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A command of `npm run bench`. */
export interface Command {
  readonly usage: string;
  /** @returns what goes to stdout */
  run(args: readonly string[], environment: CommandEnvironment): Promise<string>;
}
