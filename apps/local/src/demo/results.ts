import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Job, Model } from '@singan/contracts';
import { AppError } from '@singan/domain';
import { contactSheet } from '@singan/imaging';
import type { DemoTask } from './demo-task.ts';
import type { ServiceClient } from './service-client.ts';

const SHEET_COLUMNS = 4;

export interface Finished {
  readonly model: Model;
  readonly trainingJob: Job;
  readonly taskJob: Job;
  readonly totalSeconds: number;
}

/** What the demo made, in numbers: the line of `--json`. Losses are those of the last iteration. */
export function summarize({ model, trainingJob, taskJob, totalSeconds }: Finished, folder: string): object {
  const { engine, isa, threads, device, runSeconds } = trainingJob.metrics;
  return {
    folder: path.resolve(folder),
    model: { id: model.id, name: model.name, source: model.source, working: model.working, config: model.config },
    scales: (model.scales ?? []).map(({ links: _, losses, ...scale }) => ({ ...scale, losses: losses.at(-1) ?? null })),
    engine,
    instructionSet: isa,
    threads,
    device,
    trainingSeconds: runSeconds,
    task: taskJob.kind,
    request: taskJob.input,
    taskSeconds: taskJob.metrics.runSeconds,
    outputs: taskJob.outputs.map(({ artifact: _, links: __, ...output }) => output),
    totalSeconds,
    seed: model.config.seed,
  };
}

/** `summary.json`: the summary, and of every scale how its losses went. */
export function writeSummary(summary: object, { model }: Finished, folder: string): void {
  const lossCurves = (model.scales ?? []).map(({ losses }) => losses);
  writeFileSync(path.join(folder, 'summary.json'), `${JSON.stringify({ ...summary, lossCurves }, null, 2)}\n`);
}

interface Writing {
  readonly client: ServiceClient;
  readonly task: DemoTask;
  readonly finished: Finished;
  readonly folder: string;
}

/** Writes the pictures: what was trained on, what the model makes of it again, what was sent with the task, and what came of it. */
export async function writePictures({ client, task, finished, folder }: Writing): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const finest = finished.model.scales?.at(-1);
  if (finest === undefined) throw new AppError('internal', 'expected a trained model to have scales');
  const pictures = [
    { label: 'training', file: 'training.png', image: await client.bytes(finished.model.links.image) },
    { label: 'reconstruction', file: 'reconstruction.png', image: await client.bytes(finest.links.reconstruction) },
    ...task.pictures.map(({ label, bytes }) => ({ label, file: `${label.replaceAll(' ', '-')}.png`, image: bytes })),
  ];
  for (const { label, extension, link } of namedOutputs(finished.taskJob, task.kinds)) {
    pictures.push({ label, file: `${label.replaceAll(' ', '-')}.${extension}`, image: await client.bytes(link) });
  }
  for (const { file, image } of pictures) writeFileSync(path.join(folder, file), image);
  // A video is no picture.
  const shown = pictures.filter(({ file }) => !file.endsWith('.mp4'));
  writeFileSync(path.join(folder, 'contact-sheet.png'), await contactSheet(shown, { columns: SHEET_COLUMNS }));
}

interface NamedOutput {
  readonly label: string;
  readonly extension: string;
  readonly link: string;
}

/** What is shown of a job, each under a name of its own: its kind, its number where there are several, its start scale in a sweep. */
function namedOutputs({ outputs, input }: Job, kinds: readonly string[]): NamedOutput[] {
  const shown = outputs.filter(({ kind }) => kinds.includes(kind));
  const isSweep = new Set(shown.map(({ startScale }) => startScale)).size > 1;
  const isNumbered = shown.some(({ index }) => (index ?? 0) > 0);
  return shown.map(({ kind, index, startScale, links }) => {
    const parts = [kind, ...(isSweep ? [`scale ${startScale}`] : []), ...(isNumbered ? [(index ?? 0) + 1] : [])];
    return { label: parts.join(' '), extension: String(input.format ?? 'png'), link: links.content };
  });
}
