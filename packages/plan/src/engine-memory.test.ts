import type { AppError } from '@singan/domain';
import { describe, expect, it } from 'vitest';
import { checkMemory } from './check-memory.ts';
import { engineMemoryBytes } from './engine-memory.ts';
import { resolveTrainingConfig } from './resolve-training-config.ts';

const paper = resolveTrainingConfig({ preset: 'paper' }, () => 1);
const square = { width: 250, height: 250 };

describe('the memory of an engine', () => {
  it('is the heap for wasm, which the paper preset outgrows at 250x250 but not at 250x188', () => {
    const limit = engineMemoryBytes('wasm');
    const refusal = expect.objectContaining({ code: 'plan.too_much_memory' });
    expect(() => checkMemory(square, paper, limit)).toThrow(refusal);
    expect(() => checkMemory({ width: 250, height: 188 }, paper, limit)).not.toThrow();
  });

  it('is named in the refusal, with a size that fits', () => {
    const limit = engineMemoryBytes('wasm');
    try {
      checkMemory(square, paper, limit);
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).toContain('the limit is 3584 MiB');
      const { maxSize } = (error as AppError).context;
      expect(() => checkMemory(square, { ...paper, maxSize: Number(maxSize) }, limit)).not.toThrow();
    }
  });

  it.each(['native', 'cpu'])('is what the machine has for %s', (engine) => {
    expect(engineMemoryBytes(engine)).toBe(Number.POSITIVE_INFINITY);
  });
});
