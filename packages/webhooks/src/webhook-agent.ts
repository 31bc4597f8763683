import { lookup } from 'node:dns/promises';
import type { Clock } from '@singan/domain';
import { Agent, type Dispatcher } from 'undici';
import type { AddressPolicy } from './check-webhook-url.ts';
import { guardedLookup, type Resolve } from './guarded-lookup.ts';

const DEFAULT_TIMEOUT_MS = 15_000;

export interface WebhookAgentOptions extends AddressPolicy {
  readonly clock: Clock;
  /** For a whole attempt, from connecting to the last byte of the answer. */
  readonly timeoutMs?: number;
  /** How names are resolved; the operating system's resolver if absent. */
  readonly resolve?: Resolve;
}

/** Connections to receivers; made once per process. */
export interface WebhookAgent {
  readonly policy: AddressPolicy;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly dispatcher: Dispatcher;
  close(): Promise<void>;
}

export function createWebhookAgent(o: WebhookAgentOptions): WebhookAgent {
  const timeoutMs = o.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const dispatcher = new Agent({
    connections: 8, // per receiver: a slow one must not take all sockets
    connect: { timeout: timeoutMs, ...(o.allowPrivate ? {} : { lookup: guardedLookup(o.resolve ?? lookup) }) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  return {
    policy: { allowPrivate: o.allowPrivate },
    clock: o.clock,
    timeoutMs,
    dispatcher,
    close: () => dispatcher.close(),
  };
}
