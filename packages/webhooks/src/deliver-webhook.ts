import type { WebhookPayload } from '@singan/contracts';
import { AppError } from '@singan/domain';
import { request } from 'undici';
import { checkWebhookUrl } from './check-webhook-url.ts';
import { signWebhook } from './sign-webhook.ts';
import type { WebhookAgent } from './webhook-agent.ts';

/** Bodies are thin: ids, states and links. Standard Webhooks asks for less than 20 kB. */
export const MAX_BODY_BYTES = 20_000;
/** What is read of an answer before its connection is closed; nothing is made of it. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface WebhookDelivery {
  /** Id of the event, the same in all attempts. */
  readonly id: string;
  readonly url: string;
  readonly secrets: readonly string[];
  readonly payload: WebhookPayload;
}

export type FailureReason = 'status' | 'redirect' | 'gone' | 'timeout' | 'connection' | 'address_refused';

export type DeliveryResult =
  | { readonly outcome: 'delivered'; readonly status: number }
  | {
      readonly outcome: 'failed';
      readonly reason: FailureReason;
      readonly detail: string;
      /** Present where the receiver answered. */
      readonly status?: number;
      /** False: another attempt cannot help; after `gone` the receiver wants no more at all. */
      readonly retryable: boolean;
    };

/** Makes one attempt. Whatever the receiver or the network does is a result; only faults of ours (a body too large, a bad secret) throw. */
export async function deliverWebhook(delivery: WebhookDelivery, agent: WebhookAgent): Promise<DeliveryResult> {
  const body = JSON.stringify(delivery.payload);
  const sizeBytes = Buffer.byteLength(body);
  if (sizeBytes >= MAX_BODY_BYTES)
    throw new AppError('internal', `expected a webhook body of less than ${MAX_BODY_BYTES} bytes, got ${sizeBytes}`);
  const signature = signWebhook({ id: delivery.id, timestamp: agent.clock.now(), body, secrets: delivery.secrets });
  const signal = AbortSignal.timeout(agent.timeoutMs);
  try {
    const url = checkWebhookUrl(delivery.url, agent.policy);
    return judge(await post(url, { body, signature, signal, agent }));
  } catch (error) {
    return failureOf(error, signal, agent);
  }
}

async function post(
  url: URL,
  o: { body: string; signature: Record<string, string>; signal: AbortSignal; agent: WebhookAgent },
): Promise<number> {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'singan-webhooks', ...o.signature },
    body: o.body,
    dispatcher: o.agent.dispatcher,
    signal: o.signal,
  });
  // the status decides; an answer that is too long or never ends only costs its connection
  await answer.body.dump({ limit: MAX_ANSWER_BYTES, signal: o.signal }).catch(() => undefined);
  return answer.statusCode;
}

function judge(status: number): DeliveryResult {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  if (status >= 300 && status < 400) {
    return {
      outcome: 'failed',
      reason: 'redirect',
      detail: `expected 2xx, got ${status}; redirects are not followed`,
      status,
      retryable: true,
    };
  }
  if (status === 410)
    return {
      outcome: 'failed',
      reason: 'gone',
      detail: 'the receiver answered 410 and wants no more',
      status,
      retryable: false,
    };
  return { outcome: 'failed', reason: 'status', detail: `expected 2xx, got ${status}`, status, retryable: true };
}

function failureOf(error: unknown, signal: AbortSignal, agent: WebhookAgent): DeliveryResult {
  if (error instanceof AppError && error.code === 'webhook.address_refused') {
    return { outcome: 'failed', reason: 'address_refused', detail: error.message, retryable: false };
  }
  if (signal.aborted || isTimeout(error)) {
    return { outcome: 'failed', reason: 'timeout', detail: `no answer within ${agent.timeoutMs} ms`, retryable: true };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return { outcome: 'failed', reason: 'connection', detail: `no connection: ${code}`, retryable: true };
}

function isTimeout(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'].includes(String(error.code))
  );
}
