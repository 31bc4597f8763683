import { describe, expect, it } from 'vitest';
import { JOB_KINDS, queueOfJob } from './job-kind.ts';

describe('the queue of a job', () => {
  it('is the one of trainings for a training and for a painting that retrains a scale, whatever else', () => {
    expect(queueOfJob('train', {})).toBe('training');
    expect(queueOfJob('paint', { quantize: { colours: 5 } })).toBe('training');
  });

  it('is the quick one for everything that only draws', () => {
    expect(queueOfJob('paint', { quantize: null })).toBe('generation');
    const drawing = JOB_KINDS.filter((kind) => kind !== 'train');
    expect(drawing.map((kind) => queueOfJob(kind, {}))).toEqual(drawing.map(() => 'generation'));
  });
});
