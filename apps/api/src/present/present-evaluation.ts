import type { Evaluation } from '@singan/contracts';
import type { EvaluationRecord } from '@singan/database';
import { links } from './links.ts';

export function presentEvaluation({ createdAt, ...evaluation }: EvaluationRecord): Evaluation {
  return { ...evaluation, createdAt: createdAt.toISOString(), links: { job: links.job(evaluation.jobId) } };
}
