import { isTerminalJobState } from '@singan/domain';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ApiDependencies } from '../dependencies.ts';
import { presentJob } from '../present/present-job.ts';
import { presentModel } from '../present/present-model.ts';
import type { CreateAnswer } from './answer-once.ts';
import { preferredWaitMs } from './prefer-wait.ts';
import { requireModel } from './require-record.ts';
import { waitForJob } from './wait-for-job.ts';

const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';
/** What every accepted answer has had from the first version on. */
const acceptedJobSchema = z.object({ job: z.object({ id: z.string() }) });

interface SendCreatedOptions {
  /** The `Prefer` header. */
  readonly prefer: string | undefined;
  readonly dependencies: ApiDependencies;
  readonly reply: FastifyReply;
  readonly answer: CreateAnswer & { readonly isReplay: boolean };
}

/** Sends the answer of a create call; with `Prefer: wait=N` the finished job instead, if it ends in time. */
export async function sendCreated({ dependencies, prefer, reply, answer }: SendCreatedOptions): Promise<FastifyReply> {
  const { database, listener } = dependencies;
  if (answer.isReplay) reply.header('idempotent-replayed', 'true');
  const timeoutMs = preferredWaitMs(prefer);
  if (timeoutMs > 0) {
    reply.header('preference-applied', `wait=${timeoutMs / 1000}`);
    const abort = reply.server.abandonSignal(reply);
    const { id: jobId } = acceptedJobSchema.parse(JSON.parse(answer.body)).job;
    const job = await waitForJob({ database, listener, jobId, timeoutMs, abort });
    if (job !== null && isTerminalJobState(job.state)) {
      const isTraining = job.kind === 'train';
      const model = isTraining ? { model: presentModel(await requireModel(database, job.modelId)) } : {};
      return reply.code(200).send({ ...model, job: await presentJob(database, job) });
    }
  }
  // Text passes the serialiser by, whose schema may have fields that were not there when the answer was kept.
  return reply.code(answer.status).headers(answer.headers).type(JSON_CONTENT_TYPE).send(answer.body);
}
