import { createPaintingSchema, trainingConfigInputSchema } from '@singan/contracts';
import { decodeMask, decodeRgb, requireUsableMask } from '@singan/imaging';
import { expect, test } from 'vitest';
import { parseDemoArguments } from '../demo-arguments.ts';
import { chooseTask } from './choose-task.ts';
import type { DemoTask } from './demo-task.ts';
import { DEMO_TASKS } from './task-names.ts';

function choose(...args: string[]): Promise<DemoTask> {
  const options = parseDemoArguments(args);
  if (options.kind === 'help') throw new Error('expected options');
  return chooseTask(options);
}

/** Drawing takes its time: each task's pictures are drawn once. */
const chosen = new Map<string, Promise<DemoTask>>();
function chosenTask(name: string): Promise<DemoTask> {
  const known = chosen.get(name) ?? choose('--task', name);
  chosen.set(name, known);
  return known;
}

test.each(DEMO_TASKS)('the bundled inputs of %s fit the bundled picture', async (name) => {
  const { image, config, pictures } = await chosenTask(name);
  expect(trainingConfigInputSchema.safeParse(config).success).toBe(true);
  const { width, height } = await decodeRgb(image);
  for (const { part, bytes } of pictures) {
    const picture = await decodeRgb(bytes);
    const factor = part === 'groundTruth' ? 2 : 1;
    expect([picture.width, picture.height]).toEqual([width * factor, height * factor]);
    if (part === 'mask') requireUsableMask(await decodeMask(bytes));
  }
});

test.each(['harmonize', 'edit'])('%s changes the bundled picture only where its mask says so', async (name) => {
  const { image, pictures } = await chosenTask(name);
  const [before, after] = [await decodeRgb(image), await decodeRgb(pictures[0]?.bytes ?? image)];
  const { data } = await decodeMask(pictures[1]?.bytes ?? image);
  const changed = [...data.keys()].filter((pixel) =>
    [0, 1, 2].some((channel) => before.data[pixel * 3 + channel] !== after.data[pixel * 3 + channel]),
  );
  expect(changed.length).toBeGreaterThan(200);
  // Pixels at the edge of a smooth shape are changed less than by half.
  const isNearMask = (pixel: number) =>
    [-251, -250, -249, -1, 0, 1, 249, 250, 251].some((step) => data[pixel + step] === 1);
  expect(changed.filter((pixel) => !isNearMask(pixel))).toEqual([]);
});

test('a painting asks for what the api accepts', async () => {
  const { request } = await chosenTask('paint');
  expect(createPaintingSchema.safeParse(request).success).toBe(true);
});

test.each([
  [['--task', 'paint', '--image', 'package.json'], '--input: expected a file for task paint'],
  [['--task', 'edit', '--input', 'package.json'], '--mask: expected a file beside --input'],
  [['--task', 'edit', '--image', '/no/such.png'], '--image: ENOENT'],
])('%j is refused with what is missing', async (args, message) => {
  await expect(choose(...args)).rejects.toThrow(message);
});
