import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ModelCache } from './model-cache.ts';

function fakeModel(sizeBytes: number) {
  return {
    sizeBytes,
    disposals: 0,
    dispose() {
      this.disposals += 1;
    },
  };
}

test('the model used longest ago goes first, and is disposed of', () => {
  const cache = new ModelCache<ReturnType<typeof fakeModel>>(20);
  const [a, b, c] = [fakeModel(10), fakeModel(10), fakeModel(10)];
  cache.put('a', a);
  cache.put('b', b);
  expect(cache.get('a')).toBe(a);
  cache.put('c', c);
  expect(cache.get('b')).toBeUndefined();
  expect([a.disposals, b.disposals, c.disposals]).toEqual([0, 1, 0]);
});

test('a model above the limit is kept alone', () => {
  const cache = new ModelCache<ReturnType<typeof fakeModel>>(20);
  const [small, big] = [fakeModel(1), fakeModel(100)];
  cache.put('small', small);
  cache.put('big', big);
  expect(cache.get('big')).toBe(big);
  expect(small.disposals).toBe(1);
});

test('whatever is put, the bytes stay within the limit and each model is disposed of at most once', () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), sizeBytes: fc.integer({ min: 1, max: 10 }) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const cache = new ModelCache<ReturnType<typeof fakeModel>>(20);
      const models = steps.map(({ key, sizeBytes }) => {
        const model = fakeModel(sizeBytes);
        cache.put(key, model);
        expect(cache.sizeBytes).toBeLessThanOrEqual(20);
        expect(cache.get(key)).toBe(model);
        return model;
      });
      expect(models.every((model) => model.disposals <= 1)).toBe(true);
    }),
  );
});
