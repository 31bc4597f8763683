import type { EngineSettings } from '../protocol.ts';
import { EngineChild } from './engine-child.ts';

/** Where the jobs of a queue get the child that they run in. */
export interface ChildSource {
  /** The child's engine may still be starting. */
  use<T>(work: (child: EngineChild) => Promise<T>): Promise<T>;
}

/** A child for each job: what a long training leaves behind goes with it. */
export function freshChildren(engine: EngineSettings): ChildSource {
  return {
    use: async (work) => {
      const child = new EngineChild(engine);
      try {
        return await work(child);
      } finally {
        await child.kill();
      }
    },
  };
}
