import type { Claim } from '@singan/database';
import { checkMemory, engineMemoryBytes } from '@singan/plan';
import type { EngineInfo } from '../protocol.ts';

/**
 * Refuses a training that the engine cannot hold. The api cannot: which engine "auto" is, only a worker's child knows.
 * @throws AppError `plan.too_much_memory`
 */
export function requireMemory({ model }: Claim, { engine }: Pick<EngineInfo, 'engine'>): void {
  checkMemory(model.working, model.config, engineMemoryBytes(engine));
}
