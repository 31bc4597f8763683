import { AppError } from '@singan/domain';
import { expect, test } from 'vitest';
import { limitConcurrency } from './limit-concurrency.ts';

function controlledTask() {
  let finish: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const task = { isStarted: false, finish, run: () => Promise.resolve() };
  task.run = () => {
    task.isStarted = true;
    return done;
  };
  return task;
}

test('no more tasks run than allowed, and the others follow in order', async () => {
  const limited = limitConcurrency({ running: 1, waiting: 2 });
  const [first, second, third] = [controlledTask(), controlledTask(), controlledTask()];
  const runs = [limited(first.run), limited(second.run), limited(third.run)];
  expect([first.isStarted, second.isStarted, third.isStarted]).toEqual([true, false, false]);
  first.finish();
  await runs[0];
  expect([second.isStarted, third.isStarted]).toEqual([true, false]);
  second.finish();
  third.finish();
  await Promise.all(runs);
  expect(third.isStarted).toBe(true);
});

test('a task that fails gives its place back', async () => {
  const limited = limitConcurrency({ running: 1, waiting: 0 });
  await expect(limited(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await limited(async () => 'fine')).toBe('fine');
});

test('beyond the waiting places a task is refused, not queued', async () => {
  const limited = limitConcurrency({ running: 1, waiting: 0 });
  const first = controlledTask();
  const running = limited(first.run);
  const refused = await limited(async () => 'late').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AppError);
  expect((refused as AppError).code).toBe('service.overloaded');
  first.finish();
  await running;
});
