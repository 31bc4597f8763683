import { startEngine } from '@singan/engine';
import { decodeRgb } from '@singan/imaging';
import { planSample } from '@singan/plan';
import { trainPyramid } from '@singan/singan';
import { afterEach, expect, test } from 'vitest';
import type { GenerationTask } from './generation-task.ts';
import { EngineChild } from './host/engine-child.ts';
import { runTask } from './host/run-task.ts';
import type { TaskEvent } from './protocol.ts';
import { diskMask, halfSquareObject } from './testing/tiny-pictures.ts';
import { TINY_SIZE, type TinyTraining, tinyTraining, trainTask, trainUndisturbed } from './testing/tiny-training.ts';

const children: EngineChild[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
});

async function startChild(): Promise<EngineChild> {
  const child = new EngineChild({ choice: 'wasm' });
  children.push(child);
  await child.engine;
  return child;
}

const never = new AbortController().signal;

/** One task of each kind that draws, with a stretched sample, which fills the resize cache at first. */
async function mixedTasks({ source, config, plan }: TinyTraining): Promise<GenerationTask[]> {
  const model = { key: 'm', gray: false, config, plan };
  const sizes = planSample(plan, { scaleX: 2 }, { maxPixels: 1e6 });
  const drawing = { seed: 5, format: 'png' as const, startScale: 1, startScales: [1], adjustments: [] as string[] };
  const { adjustments: _, ...sample } = drawing;
  const blend = {
    model,
    source,
    working: TINY_SIZE,
    mask: await diskMask(),
    input: { ...drawing, startScales: [1, 2] },
  };
  const walk = { alpha: 0.1, beta: 0.9, frames: 3, fps: 10, format: 'webp' } as const;
  const picture = { image: source };
  return [
    { kind: 'sample', model, sizes, input: { ...sample, count: 1 } },
    { kind: 'paint', model, painting: source, input: { ...drawing, quantize: null } },
    { kind: 'harmonize', ...blend, picture },
    { kind: 'edit', ...blend, picture: { object: await halfSquareObject(), placement: { x: 5, y: 5, scale: 1 } } },
    { kind: 'animate', model, input: { ...sample, ...walk, loop: true, superResolution: null } },
    {
      kind: 'super-resolve',
      ...{ model, source, working: TINY_SIZE, groundTruth: source },
      input: { factor: 1.5, seed: 1, format: 'png', adjustments: [] },
    },
    {
      kind: 'evaluate',
      ...{ model, source, working: TINY_SIZE },
      input: { samples: 2, startScale: 1, metrics: ['sifid', 'diversity', 'copyScore'], seed: 5 },
    },
  ];
}

test('the child that draws holds no more tensors after thirty-five jobs of all kinds than after the first seven', async () => {
  const training = await tinyTraining(1);
  const files = { scales: await trainUndisturbed(training), variant: null };
  const child = await startChild();
  const tensors: number[] = [];
  child.onMessage((message) => {
    if (message.type === 'end') tensors.push(message.tensors);
  });
  const tasks = await mixedTasks(training);
  for (let n = 0; n < 35; n++) {
    const task = tasks[n % tasks.length] as GenerationTask;
    const onEvent = async (event: TaskEvent): Promise<void> => {
      if (event.type === 'need-model') child.send({ type: 'model', files });
    };
    expect(await runTask({ child, task, onEvent, stop: never, lost: never, graceMs: 0 })).toBe('succeeded');
  }
  expect(tensors).toHaveLength(35);
  expect(new Set(tensors.slice(7)).size).toBe(1);
});

test('scoring the scales changes no byte of what is trained', async () => {
  const training = await tinyTraining(6);
  const { source, config, plan } = training;
  await startEngine('wasm');
  const control = { isStopRequested: () => false, isCheckpointDue: () => false };
  const unscored: Buffer[] = [];
  const image = await decodeRgb(source);
  for await (const event of trainPyramid({ image, config, plan, finishedScales: [], checkpoint: null, control })) {
    if (event.type === 'scale-finished') unscored.push(Buffer.from(event.bytes));
  }
  const scored = (await trainUndisturbed(training)).map((bytes) => Buffer.from(bytes));
  expect(scored.map((bytes, n) => bytes.equals(unscored[n] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
});

test('an unreadable checkpoint with a good checksum is left out, with a word, and the next one is taken', async () => {
  const training = await tinyTraining(30);
  const task = trainTask(training);
  const first = await startChild();
  const stop = new AbortController();
  const checkpoints: Uint8Array[] = [];
  const keep = async (event: TaskEvent): Promise<void> => {
    if (event.type === 'progress') stop.abort();
    if (event.type === 'checkpoint') checkpoints.push(event.bytes);
  };
  const end = await runTask({ child: first, task, onEvent: keep, stop: stop.signal, lost: never, graceMs: 60_000 });
  expect(end).toBe('stopped');
  expect(checkpoints).toHaveLength(1);

  const candidates = [Uint8Array.of(1, 2, 3), ...checkpoints].map((bytes) => ({ bytes, notes: null }));
  const messages: string[] = [];
  const files: Uint8Array[] = [];
  const onEvent = async (event: TaskEvent): Promise<void> => {
    if (event.type === 'log') messages.push(event.message);
    if (event.type === 'scale-finished') files.push(event.bytes);
  };
  const child = await startChild();
  await runTask({ child, task: { ...task, checkpoints: candidates }, onEvent, stop: never, lost: never, graceMs: 0 });
  expect(messages[0]).toContain('A checkpoint cannot be read and is left out');
  expect(messages[1]).toMatch(/^Resumed at scale 0 after iteration \d\.$/);
  expect(files.map((file) => Buffer.from(file))).toEqual(
    (await trainUndisturbed(training)).map((file) => Buffer.from(file)),
  );
});

test('an error in the child arrives with its code, and a failed event handler ends the child', async () => {
  const training = await tinyTraining(2);
  const child = await startChild();
  const task = { ...trainTask(training), source: Buffer.from('no picture') };
  const failing = runTask({ child, task, onEvent: async () => {}, stop: never, lost: never, graceMs: 0 });
  await expect(failing).rejects.toMatchObject({ code: 'image.corrupt' });

  const other = await startChild();
  const onEvent = async (): Promise<void> => {
    throw new Error('the disk is full');
  };
  const refused = runTask({ child: other, task: trainTask(training), onEvent, stop: never, lost: never, graceMs: 0 });
  await expect(refused).rejects.toThrow('the disk is full');
  expect(other.hasExited).toBe(true);
});

test('a lost lease ends the child at once', async () => {
  const child = await startChild();
  const lost = new AbortController();
  const onEvent = async (): Promise<void> => lost.abort(new Error('lease lost'));
  const task = trainTask(await tinyTraining(1000));
  await expect(runTask({ child, task, onEvent, stop: never, lost: lost.signal, graceMs: 0 })).rejects.toThrow(
    'lease lost',
  );
  expect(child.hasExited).toBe(true);
});
