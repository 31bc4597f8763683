import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EngineName, type EngineOptions, isNativeBuilt, startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GoldenCheck } from './golden-check.ts';
import { checkFor, loadChecks } from './load-checks.ts';

const KNOWN_ENGINES: readonly string[] = ['auto', 'native', 'wasm', 'cpu'];

/** The one engine that was asked for; null: all. */
export function chosenEngine(): string | null {
  const { ENGINE = 'auto' } = process.env;
  if (!KNOWN_ENGINES.includes(ENGINE)) throw new Error(`ENGINE: expected ${KNOWN_ENGINES.join(', ')}, got ${ENGINE}`);
  return ENGINE === 'auto' ? null : ENGINE;
}

const folder = resolve(process.env.GOLDEN_DIR ?? join(import.meta.dirname, '../golden'));
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
  .sort();
const checks = await loadChecks();

const supported = files.flatMap((file) => {
  const check = checkFor(file, checks);
  return check ? [{ file, check }] : [];
});

function runCheck({ file, check }: { file: string; check: GoldenCheck }): void {
  check.run(JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')));
}

/** The golden files that need no engine, and that each file has a check at all. */
export function describeParityWithoutEngine(): void {
  it('finds golden files', () => {
    expect(files).not.toEqual([]);
  });

  it('has a check for each of them', () => {
    expect(files.filter((name) => !checkFor(name, checks))).toEqual([]);
  });

  for (const entry of supported.filter(({ check }) => !check.needsEngine)) {
    it(`${entry.file} agrees with the golden numbers`, () => runCheck(entry));
  }
}

/** The golden files on one engine, with nothing left behind by any of them. */
export function describeParity(engine: EngineName, options: EngineOptions = {}): void {
  describe(`engine ${engine}${options.nativeIsa ? ` on ${options.nativeIsa}` : ''}`, () => {
    beforeAll(async () => {
      await startEngine(engine, options);
    });

    it('is the one in use', () => {
      expect(tf.getBackend()).toBe(engine);
    });

    for (const entry of supported.filter(({ check }) => check.needsEngine)) {
      it(`${entry.file} agrees with the golden numbers`, () => {
        const before = tf.memory().numTensors;
        runCheck(entry);
        expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
      });
    }
  });
}

/**
 * The golden files on one instruction set of the native engine. A process starts one set, so each has a file of its own.
 * Nothing when other engines were asked for, skipped by name where the processor lacks the set.
 */
export async function describeNativeParity(isa: string): Promise<void> {
  const { NATIVE_ISA } = process.env;
  if (!isNativeBuilt() || (chosenEngine() ?? 'native') !== 'native' || (NATIVE_ISA ?? isa) !== isa) {
    it.skip(`${isa}: not asked for, or the native engine is not built`, () => undefined);
    return;
  }
  const isThere = await startEngine('native', { nativeIsa: isa }).then(
    () => true,
    () => false,
  );
  if (isThere) describeParity('native', { nativeIsa: isa });
  else it.skip(`${isa}: this processor lacks it`, () => undefined);
}
