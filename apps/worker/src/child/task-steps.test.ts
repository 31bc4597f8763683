import { expect, test } from 'vitest';
import type { TaskEvent } from '../protocol.ts';
import { Metrics } from './metrics.ts';
import { ModelCache } from './model-cache.ts';
import type { TaskServices } from './task-services.ts';
import { runSteps, StepMeter } from './task-steps.ts';

function servicesWith(o: { stopAfter?: number } = {}) {
  const told: TaskEvent[] = [];
  let asked = 0;
  let nowMs = 0;
  const host: TaskServices['host'] = {
    tell: async (event) => void told.push(event),
    fetchModel: () => Promise.reject(new Error('expected no question for a model')),
    isStopRequested: () => {
      asked += 1;
      return asked > (o.stopAfter ?? Number.POSITIVE_INFINITY);
    },
  };
  const advance = (ms: number): void => {
    nowMs += ms;
  };
  const services: TaskServices = { host, models: new ModelCache(0), metrics: new Metrics(), nowMs: () => nowMs };
  return { services, told, advance };
}

test('steps are taken in order, each with its progress and the time that the others will take', async () => {
  const { services, told, advance } = servicesWith();
  const drawn: string[] = [];
  const end = await runSteps(['a', 'b', 'c'], services, async (step) => {
    drawn.push(step);
    advance(2000);
  });
  expect(end).toEqual({ type: 'succeeded' });
  expect(drawn).toEqual(['a', 'b', 'c']);
  const progress = told.flatMap((event) => (event.type === 'progress' ? [event.progress] : []));
  expect(progress.map(({ iteration, iterations, etaSeconds }) => [iteration, iterations, etaSeconds])).toEqual([
    [1, 3, 4],
    [2, 3, 2],
    [3, 3, 0],
  ]);
});

test('a stop is heard before the next step', async () => {
  const { services } = servicesWith({ stopAfter: 2 });
  const drawn: number[] = [];
  const end = await runSteps([1, 2, 3, 4], services, async (step) => void drawn.push(step));
  expect(end).toEqual({ type: 'stopped' });
  expect(drawn).toEqual([1, 2]);
});

test('steps of a few milliseconds are not all told, but the last one always is', () => {
  let nowMs = 0;
  const meter = new StepMeter(100, () => nowMs);
  const told = Array.from({ length: 100 }, () => {
    nowMs += 10;
    return meter.finishStep();
  }).filter((progress) => progress !== null);
  expect(told.length).toBeLessThan(10);
  expect(told.at(-1)).toMatchObject({ iteration: 100, fraction: 1, etaSeconds: 0 });
});
