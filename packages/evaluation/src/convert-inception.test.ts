import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encodeSafetensors } from '@singan/singan';
import { describe, expect, it } from 'vitest';
import { TORCH_METADATA, torchTensors } from './checkpoint.fixture.ts';
import { decodeWeights } from './decode-weights.ts';

const SCRIPT = fileURLToPath(new URL('../convert/convert_inception.py', import.meta.url));
/** As for the benchmark: a python that has torch. */
const PYTHON = process.env.PEER_PYTHON ?? 'python3';
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch']).status === 0;

/** Writes a checkpoint with PyTorch: the tensors of a JSON file, and one that nobody asked for. */
const SAVE = `
import json, sys, torch
tensors = {name: torch.tensor(data).reshape(shape) for name, (shape, data) in json.load(open(sys.argv[1])).items()}
torch.save({**tensors, 'fc.weight': torch.zeros(3)}, sys.argv[2])
`;

describe.skipIf(!hasTorch)('the converter of PyTorch checkpoints', () => {
  it('makes a file that is read as the same weights', { timeout: 240_000 }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'convert-test-'));
    const at = (name: string) => path.join(folder, name);
    const run = promisify(execFile);
    try {
      const tensors = Object.fromEntries(
        [...torchTensors()].map(([name, { shape, data }]) => [name, [shape, [...data]]]),
      );
      writeFileSync(at('tensors.json'), JSON.stringify(tensors));
      await run(PYTHON, ['-c', SAVE, at('tensors.json'), at('tiny.pth')]);
      await run(PYTHON, [SCRIPT, at('tiny.pth'), at('weights.safetensors')]);
      const converted = decodeWeights(readFileSync(at('weights.safetensors')));
      const direct = decodeWeights(encodeSafetensors({ tensors: torchTensors(), metadata: TORCH_METADATA }));
      expect(converted.name).toMatch(/^tiny sha256:/);
      expect({ ...converted, name: '' }).toEqual({ ...direct, name: '' });
      await expect(run(PYTHON, [SCRIPT, at('tensors.json'), at('none.safetensors')])).rejects.toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
