import type { EngineSettings } from '../protocol.ts';
import type { ChildSource } from './child-source.ts';
import { EngineChild } from './engine-child.ts';

/** One long-lived child: started at once, so that its engine is warm when the first job comes, and anew after it has ended. */
export class StandbyChild implements ChildSource {
  readonly #engine: EngineSettings;
  #child: EngineChild;

  constructor(engine: EngineSettings) {
    this.#engine = engine;
    this.#child = new EngineChild(engine);
  }

  get current(): EngineChild {
    if (this.#child.hasExited) this.#child = new EngineChild(this.#engine);
    return this.#child;
  }

  async use<T>(work: (child: EngineChild) => Promise<T>): Promise<T> {
    const child = this.current;
    // One whose engine does not start is of no use to the next job either.
    child.engine.catch(() => child.kill());
    return work(child);
  }

  async close(): Promise<void> {
    await this.#child.kill();
  }
}
