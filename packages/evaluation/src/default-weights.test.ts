import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadDefaultWeights } from './default-weights.ts';
import { INCEPTION_LAYERS } from './inception-layers.ts';
import { readQuantizedTensors } from './read-quantized-tensors.ts';

test('the weights that come with the service are those of Inception-v3, folded, in the order of the layers', async () => {
  const { inputRange, convolutions } = await loadDefaultWeights();
  expect(inputRange).toEqual([0, 1]);
  expect(convolutions.map(({ weight, bias }) => [weight.length, bias.length])).toEqual(
    INCEPTION_LAYERS.map(({ side, inputs, outputs }) => [side * side * inputs * outputs, outputs]),
  );
  for (const { weight, bias } of convolutions) expect([...weight, ...bias].every(Number.isFinite)).toBe(true);
});

test('their name is that of the installed package', async () => {
  const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect((await loadDefaultWeights()).name).toBe(`nsfwjs-${own.dependencies.nsfwjs}`);
});

const quantization = { min: -1, scale: 0.5, dtype: 'uint8' };
const manifest = [
  {
    weights: [
      { name: 'a', shape: [2], dtype: 'float32', quantization },
      { name: 'b', shape: [2, 2], dtype: 'float32', quantization: { ...quantization, min: 10 } },
      { name: 'c', shape: [3], dtype: 'float32', quantization },
    ],
  },
];
const SHARDS = [Buffer.from([0, 2, 4]), Buffer.from([6, 8, 10, 12]), Buffer.from([14, 16])];

test('tensors of quantised weights are found where they are, also across shards, and later shards stay unread', async () => {
  const read: number[] = [];
  const tensors = await readQuantizedTensors({
    manifest,
    names: ['a', 'b', 'unknown'],
    readShard: async (shard) => {
      read.push(shard);
      return SHARDS[shard]?.toString('base64');
    },
  });
  expect(tensors).toEqual(
    new Map([
      ['a', { shape: [2], data: Float32Array.of(-1, 0) }],
      ['b', { shape: [2, 2], data: Float32Array.of(12, 13, 14, 15) }],
    ]),
  );
  expect(read).toEqual([0, 1]);
});

test('quantised weights of another form, or with too few bytes, are refused', async () => {
  const readShard = async (shard: number) => SHARDS.slice(0, 2)[shard]?.toString('base64');
  await expect(readQuantizedTensors({ manifest, names: ['c'], readShard })).rejects.toThrow(
    '9 bytes of weights, got 7',
  );
  const plain = [{ weights: [{ name: 'a', shape: [2], dtype: 'float32' }] }];
  await expect(readQuantizedTensors({ manifest: plain, names: ['a'], readShard })).rejects.toThrow('quantization');
});
