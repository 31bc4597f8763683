import { describe, expect, it } from 'vitest';
import { createAnimationSchema, createBlendSchema, createPaintingSchema } from './manipulations.ts';
import { createSuperResolutionSchema } from './super-resolution.ts';

describe('the requests of the manipulations', () => {
  it('fill in their defaults', () => {
    expect(createPaintingSchema.parse({})).toEqual({ quantize: null, format: 'png' });
    expect(createPaintingSchema.parse({ quantize: {} })).toMatchObject({ quantize: { colours: 5 } });
    expect(createBlendSchema.parse({ placement: { x: 1, y: -2 } })).toEqual({
      placement: { x: 1, y: -2, scale: 1 },
      format: 'png',
    });
    expect(createAnimationSchema.parse({})).toEqual({
      startScale: 0,
      alpha: 0.1,
      beta: 0.9,
      frames: 100,
      fps: 10,
      loop: false,
      superResolution: null,
      format: 'webp',
    });
  });

  it.each([
    [createPaintingSchema, { quantize: { colours: 1 } }],
    [createPaintingSchema, { quantize: { colours: 17 } }],
    [createPaintingSchema, { colour: 'red' }],
    [createBlendSchema, { placement: { x: 0.5, y: 0 } }],
    [createBlendSchema, { placement: { x: 0, y: 0, scale: 0 } }],
    [createBlendSchema, { placement: { x: 0, y: 0, angle: 3 } }],
    [createAnimationSchema, { frames: 100_000 }],
    [createAnimationSchema, { frames: 1 }],
    [createAnimationSchema, { alpha: 1.1 }],
    [createAnimationSchema, { fps: 0 }],
    [createAnimationSchema, { format: 'png' }],
    [createAnimationSchema, { superResolution: {} }],
    [createAnimationSchema, { superResolution: { factor: 1 } }],
    [createAnimationSchema, { superResolution: { factor: 2, modelId: 'mdl_1' } }],
    [createSuperResolutionSchema, {}],
    [createSuperResolutionSchema, { factor: 1 }],
    [createSuperResolutionSchema, { factor: 99 }],
  ])('are refused: %#', (schema, body) => {
    expect(schema.safeParse(body).success).toBe(false);
  });
});
