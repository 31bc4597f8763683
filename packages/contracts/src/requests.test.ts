import { describe, expect, it } from 'vitest';
import { createModelSchema, createSamplesSchema } from './requests.ts';

describe('the create-model request', () => {
  it('may be empty', () => {
    expect(createModelSchema.parse({})).toEqual({ config: {}, metadata: {} });
  });

  it('names an unknown configuration field', () => {
    const result = createModelSchema.safeParse({ config: { itterations: 5 } });
    expect(result.error?.issues[0]).toMatchObject({
      code: 'unrecognized_keys',
      keys: ['itterations'],
      path: ['config'],
    });
  });

  it.each([
    { config: { iterations: -1 } },
    { config: { iterations: 1.5 } },
    { config: { seed: 2 ** 32 } },
    { config: { pyramid: { rule: 'other' } } },
    { webhook: { url: 'ftp://example.com' } },
    { metadata: { key: 'x'.repeat(513) } },
    { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, ''])) },
  ])('refuses %j', (body) => {
    expect(createModelSchema.safeParse(body).success).toBe(false);
  });
});

describe('the create-samples request', () => {
  it.each([-1, 3, 'all'])('takes %s as a start scale', (startScale) => {
    expect(createSamplesSchema.parse({ startScale })).toMatchObject({ startScale });
  });

  it('fills in its defaults', () => {
    expect(createSamplesSchema.parse({})).toEqual({ count: 1, startScale: 0, format: 'png' });
  });

  it.each([
    { count: 0 },
    { count: 1000 },
    { startScale: 1.5 },
    { startScale: 'every' },
    { width: 100, scaleX: 2 },
    { format: 'bmp' },
    { size: 3 },
  ])('refuses %j', (body) => {
    expect(createSamplesSchema.safeParse(body).success).toBe(false);
  });
});
