import { AppError } from '@singan/domain';
import { Webhook } from 'standardwebhooks';

export interface WebhookToSign {
  /** Id of the event; the same in all attempts, so that receivers can drop what they have seen. */
  readonly id: string;
  /** Time of this attempt; receivers refuse old ones. */
  readonly timestamp: Date;
  /** The exact bytes of the body, as text. */
  readonly body: string;
  /** `whsec_` and base64; more than one while a secret is being replaced, each gives a signature. */
  readonly secrets: readonly string[];
}

export interface WebhookHeaders extends Record<string, string> {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/** The headers of Standard Webhooks (https://www.standardwebhooks.com) for a body. */
export function signWebhook(o: WebhookToSign): WebhookHeaders {
  if (o.secrets.length === 0) throw new AppError('config.invalid', 'expected at least one webhook secret, got none');
  return {
    'webhook-id': o.id,
    'webhook-timestamp': String(Math.floor(o.timestamp.getTime() / 1000)),
    'webhook-signature': o.secrets.map((secret) => signerOf(secret).sign(o.id, o.timestamp, o.body)).join(' '),
  };
}

function signerOf(secret: string): Webhook {
  try {
    return new Webhook(secret);
  } catch {
    // without the cause: it may quote the secret
    throw new AppError('config.invalid', 'expected a webhook secret of the form whsec_ and base64, got something else');
  }
}
