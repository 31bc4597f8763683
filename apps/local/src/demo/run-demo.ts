import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Job, JobEvent, Model } from '@singan/contracts';
import { AppError } from '@singan/domain';
import type { DemoOptions } from '../demo-arguments.ts';
import { startStack } from '../stack/stack.ts';
import { chooseTask } from './choose-task.ts';
import { createProgressView } from './create-progress-view.ts';
import type { DemoTask } from './demo-task.ts';
import { formatDuration } from './duration.ts';
import { type Finished, summarize, writePictures, writeSummary } from './results.ts';
import { ServiceClient } from './service-client.ts';

/** Longer side that the wasm engine trains within five minutes. */
const SMALL_SIZE_PX = 80;

export interface DemoEnvironment {
  readonly now: Date;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the progress goes. */
  readonly stream: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

/**
 * Everything from a picture to what its model makes, through the HTTP API of a stack that lives as long as this call.
 * @returns the summary
 */
export async function runDemo(options: DemoOptions, o: DemoEnvironment): Promise<object> {
  const task = await chooseTask(options);
  const folder = options.out ?? `demo-output-${fileTime(o.now)}`;
  mkdirSync(folder, { recursive: true });
  const say = (line: string): void => void o.stream.write(`${line}\n`);
  const beganMs = performance.now();
  say('Starting Postgres, Redis, the API and a worker ...');
  const dataDirectory = temporaryDirectory();
  const stack = await startStack({
    dataDirectory,
    port: null,
    engine: options.engine,
    isTemporary: true,
    environment: o.environment,
    signal: o.signal,
    say,
  });
  try {
    say(
      `\n  Page     ${stack.url}/\n  API      ${stack.url}/docs\n  Results  ${path.resolve(folder)}\n  Data     ${dataDirectory} (removed at the end)\n`,
    );
    const client = new ServiceClient(stack.url, o.signal);
    const made = await trainAndAsk({ client, task, options, o, say });
    const finished: Finished = { ...made, totalSeconds: (performance.now() - beganMs) / 1000 };
    await writePictures({ client, task, finished, folder });
    const summary = summarize(finished, folder);
    writeSummary(summary, finished, folder);
    say(`\nDone in ${formatDuration(finished.totalSeconds)}. Everything is in ${path.resolve(folder)}`);
    return summary;
  } finally {
    say('Stopping ...');
    await stack.stop();
  }
}

interface Making {
  readonly client: ServiceClient;
  readonly task: DemoTask;
  readonly options: DemoOptions;
  readonly o: DemoEnvironment;
  say(line: string): void;
}

async function trainAndAsk(making: Making): Promise<Omit<Finished, 'totalSeconds'>> {
  const { client, task, options, say } = making;
  const seed = options.seed === null ? {} : { seed: options.seed };
  const limits = await limitsOfEngine(making);
  const created = await client.createModel({
    image: task.image,
    name: task.name,
    config: { preset: options.preset, ...limits, ...task.config, ...options.config, ...seed },
  });
  const { width, height } = created.model.working;
  const estimate = formatDuration(created.model.estimate.seconds);
  say(`Training on ${width}x${height} pixels, ${created.model.pyramid.levels.length} scales; estimated ${estimate}.`);
  const trainingJob = await followTraining(making, created);
  say(`${task.doing} ...`);
  const request = { ...task.request, ...seed, ...options.request };
  const asked = await client.createJob(`/models/${created.model.id}/${task.resource}`, { ...task, request });
  const taskJob = await client.follow(asked, () => {});
  requireSuccess(taskJob);
  return { model: await client.model(created.model.id), trainingJob, taskJob };
}

/** Only the native engine trains at full size within minutes, as quick and fast promise; the others get a smaller picture. */
async function limitsOfEngine({ client, options, say }: Making): Promise<{ maxSize?: number }> {
  const engine = await client.engine();
  if (engine === null || engine.startsWith('native') || options.preset === 'paper') return {};
  say(`The engine is ${engine}, not native (a C++ compiler at "npm ci"): training at ${SMALL_SIZE_PX} px.`);
  return { maxSize: SMALL_SIZE_PX };
}

async function followTraining({ client, o }: Making, { model, job }: { model: Model; job: Job }): Promise<Job> {
  const view = createProgressView(model.pyramid, o.stream);
  const onEvent = (event: JobEvent): void => {
    if (event.type === 'progress') view.show(event.progress);
    if (event.type === 'log') view.log(event.message);
  };
  try {
    const finished = await client.follow(job, onEvent);
    // The stream thins progress out: the last of it is in the job.
    if (finished.progress !== null) view.show(finished.progress);
    requireSuccess(finished);
    return finished;
  } finally {
    view.close();
  }
}

function requireSuccess({ kind, state, error }: Job): void {
  if (state === 'succeeded') return;
  const why = error === null ? '' : ` ${error.title}: ${error.detail}`;
  throw new AppError('internal', `The ${kind} job ended as ${state}.${why}`);
}

/** Reachable for user postgres, which a fresh temporary directory of root's is not. */
function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'singan-demo-'));
  chmodSync(directory, 0o755);
  return directory;
}

/** 2030-01-31T12:34:56 -> 20300131-123456 */
function fileTime(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}
