import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EngineName, isNativeBuilt, startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GoldenCheck } from './support/golden-check.ts';
import { checkFor, loadChecks } from './support/load-checks.ts';

const ENGINES: readonly EngineName[] = isNativeBuilt() ? ['cpu', 'wasm', 'native'] : ['cpu', 'wasm'];

const { GOLDEN_DIR, ENGINE, NATIVE_ISA } = process.env;
const folder = resolve(GOLDEN_DIR ?? join(import.meta.dirname, 'golden'));
const engines = ENGINE ? [ENGINE as EngineName] : ENGINES;
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
  .sort();
const checks = await loadChecks();

const supported = files.flatMap((file) => {
  const check = checkFor(file, checks);
  return check ? [{ file, check }] : [];
});

function runCheck({ file, check }: { file: string; check: GoldenCheck }, skip: (note: string) => void): void {
  const nothingToCompare = check.run(JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')));
  if (nothingToCompare !== undefined) skip(nothingToCompare);
}

it('finds golden files', () => {
  expect(files).not.toEqual([]);
});

for (const file of files.filter((name) => !checkFor(name, checks))) {
  it.skip(`${file}: no check for this prefix yet`, () => undefined);
}

for (const entry of supported.filter(({ check }) => !check.needsEngine)) {
  it(`${entry.file} agrees with the golden numbers`, ({ skip }) => runCheck(entry, skip));
}

describe.each(engines)('engine %s', (engine) => {
  beforeAll(async () => {
    await startEngine(engine, NATIVE_ISA ? { nativeIsa: NATIVE_ISA } : {});
  });

  it('is the one in use', () => {
    expect(tf.getBackend()).toBe(engine);
  });

  for (const entry of supported.filter(({ check }) => check.needsEngine)) {
    it(`${entry.file} agrees with the golden numbers`, ({ skip }) => {
      const before = tf.memory().numTensors;
      runCheck(entry, skip);
      expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
    });
  }
});
