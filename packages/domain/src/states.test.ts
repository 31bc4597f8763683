import { describe, expect, it } from 'vitest';
import { canTransitionJob, isTerminalJobState, JOB_STATES, JOB_TRANSITIONS } from './job-state.ts';
import { canTransitionModel, MODEL_STATES, MODEL_TRANSITIONS } from './model-state.ts';

describe('states of a job', () => {
  it('are left from a terminal one only by a retry', () => {
    for (const state of JOB_STATES.filter(isTerminalJobState)) {
      expect(JOB_TRANSITIONS[state].filter((next) => next !== 'queued')).toEqual([]);
    }
    expect(canTransitionJob('succeeded', 'queued')).toBe(false);
  });

  it('all lead to a terminal one', () => {
    const reach = (state: (typeof JOB_STATES)[number], seen = new Set<string>()): boolean => {
      if (isTerminalJobState(state)) return true;
      if (seen.has(state)) return false;
      return JOB_TRANSITIONS[state].some((next) => reach(next, new Set([...seen, state])));
    };
    expect(JOB_STATES.every((state) => reach(state))).toBe(true);
  });

  it('never lead to themselves', () => {
    expect(JOB_STATES.some((state) => canTransitionJob(state, state))).toBe(false);
    expect(MODEL_STATES.some((state) => canTransitionModel(state, state))).toBe(false);
  });
});

describe('states of a model', () => {
  it('end at ready', () => {
    expect(MODEL_TRANSITIONS.ready).toEqual([]);
  });

  it('become ready only from training', () => {
    expect(MODEL_STATES.filter((state) => canTransitionModel(state, 'ready'))).toEqual(['training']);
  });
});
