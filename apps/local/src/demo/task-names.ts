/** What the demo can show, after a training. */
export const DEMO_TASKS = ['sample', 'paint', 'harmonize', 'edit', 'animate', 'super-resolve'] as const;
export type DemoTaskName = (typeof DEMO_TASKS)[number];
