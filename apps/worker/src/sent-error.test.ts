import { AppError } from '@singan/domain';
import { expect, test } from 'vitest';
import { fromSentError, toSentError } from './sent-error.ts';

test('an error keeps its code, sentence and field errors over the process boundary', () => {
  const errors = [{ pointer: '/seed', detail: 'expected an integer' }];
  const thrown = new AppError('training.diverged', 'scale 2: the loss is NaN at iteration 7', {
    context: { scale: 2 },
    errors,
  });
  const received = fromSentError(structuredClone(toSentError(thrown)));
  const childStack = expect.stringContaining('sent-error.test');
  expect(received).toBeInstanceOf(AppError);
  expect(received).toMatchObject({ code: 'training.diverged', message: thrown.message, errors });
  expect(received.context).toMatchObject({ scale: 2, childStack });
});

test('an error that is not ours arrives as internal, with its message', () => {
  expect(fromSentError(toSentError(new RangeError('out of range')))).toMatchObject({
    code: 'internal',
    message: 'out of range',
  });
});

test('a context that cannot be cloned is dropped, not the error', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const sent = toSentError(new AppError('internal', 'x', { context: { circle } }));
  expect(structuredClone(sent)).toMatchObject({ code: 'internal', detail: 'x', context: {} });
});

test('an unknown code is read as internal', () => {
  const sent = { ...toSentError(new Error('y')), code: 'no.such_code' };
  expect(fromSentError(sent).code).toBe('internal');
});
