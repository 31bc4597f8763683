import { expect, test } from 'vitest';
import { blendStartScale, paintingStartScale } from './default-start-scale.ts';

function modelOf(scaleCount: number, config: Partial<Parameters<typeof blendStartScale>[0]['config']>) {
  const level = { width: 40, height: 30, channels: 32, iterations: 1 };
  const pyramid = { scaleFactor: 4 / 3, levels: Array.from({ length: scaleCount }, () => level) };
  return { pyramid, config: { scheme: 'sequential', reconstructionNoise: 'fixed', ...config } as const };
}

test.each([
  ['sequential', 8, 5],
  ['sequential', 4, 1],
  ['sequential', 2, 1],
  ['concurrent', 8, 2],
  ['concurrent', 6, 2],
  ['concurrent', 3, 2],
  ['concurrent', 2, 1],
] as const)('of a %s model with %i scales a blend starts at %i', (scheme, scaleCount, expected) => {
  expect(blendStartScale(modelOf(scaleCount, { scheme }))).toBe(expected);
});

test.each([
  [8, 5],
  [5, 2],
  [4, 2],
  [2, 1],
])('with redrawn z* and %i scales a blend starts at %i, never before a painting', (scaleCount, expected) => {
  expect(blendStartScale(modelOf(scaleCount, { reconstructionNoise: 'redrawn' }))).toBe(expected);
});

test.each([
  ['fixed', 8, 1],
  ['fixed', 2, 1],
  ['redrawn', 8, 2],
  ['redrawn', 3, 2],
  ['redrawn', 2, 1],
] as const)(
  'of a model with %s z* and %i scales a painting starts at %i',
  (reconstructionNoise, scaleCount, expected) => {
    expect(paintingStartScale(modelOf(scaleCount, { reconstructionNoise }))).toBe(expected);
  },
);
