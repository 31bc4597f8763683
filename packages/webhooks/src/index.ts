export { type AddressPolicy, checkWebhookUrl } from './check-webhook-url.ts';
export {
  type DeliveryResult,
  deliverWebhook,
  type FailureReason,
  MAX_BODY_BYTES,
  type WebhookDelivery,
} from './deliver-webhook.ts';
export { ATTEMPT_DELAYS_MS, nextAttemptDelay } from './retry-schedule.ts';
export { signWebhook, type WebhookHeaders, type WebhookToSign } from './sign-webhook.ts';
export { createWebhookAgent, type WebhookAgent, type WebhookAgentOptions } from './webhook-agent.ts';
