import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { LinesView } from './lines-view.ts';

const PLAN = {
  scaleFactor: 4 / 3,
  levels: [
    { width: 16, height: 16, channels: 4, iterations: 3 },
    { width: 32, height: 24, channels: 4, iterations: 3 },
  ],
};

function progress(scale: number, iteration: number) {
  const losses = { reconstruction: 0.0123456 };
  return { scale, scales: 2, iteration, iterations: 3, fraction: 0.25, etaSeconds: 83, losses };
}

test('a scale is named when it begins and when it ends, and not for each iteration between', () => {
  const stream = new PassThrough();
  const view = new LinesView(PLAN, stream, () => 0);
  for (const step of [progress(0, 0), progress(0, 1), progress(0, 2), progress(0, 3), progress(1, 1)]) view.show(step);
  expect(String(stream.read()).split('\n')).toEqual([
    'scale 1/2  16x16  0/3  25.0 %  rec 0.0123  1:23 left',
    'scale 1/2  16x16  3/3  25.0 %  rec 0.0123  1:23 left',
    'scale 2/2  32x24  1/3  25.0 %  rec 0.0123  1:23 left',
    '',
  ]);
});

test('a long scale is heard of every five seconds', () => {
  const stream = new PassThrough();
  let nowMs = 0;
  const view = new LinesView(PLAN, stream, () => nowMs);
  view.show(progress(0, 0));
  nowMs = 4000;
  view.show(progress(0, 1));
  nowMs = 5000;
  view.show(progress(0, 2));
  expect(String(stream.read()).trimEnd().split('\n')).toHaveLength(2);
});
