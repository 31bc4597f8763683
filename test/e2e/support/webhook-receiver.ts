import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface ReceivedWebhook {
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export interface WebhookReceiver {
  readonly url: string;
  /** Every verified delivery is emitted as `webhook`; one that does not verify as `rejected`. */
  readonly deliveries: EventEmitter;
  readonly received: ReceivedWebhook[];
  stop(): Promise<void>;
}

/** A receiver as a user would write it: checks the signature with the public library, answers 204. */
export async function startWebhookReceiver(secret: string): Promise<WebhookReceiver> {
  const deliveries = new EventEmitter();
  const received: ReceivedWebhook[] = [];
  const verifier = new Webhook(secret);
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      const body = verifier.verify(Buffer.concat(chunks).toString('utf8'), request.headers as Record<string, string>);
      const webhook = {
        id: String(request.headers['webhook-id']),
        ...(body as { type: string; data: Record<string, unknown> }),
      };
      received.push(webhook);
      response.writeHead(204).end();
      deliveries.emit('webhook', webhook);
    } catch (error) {
      response.writeHead(400).end();
      deliveries.emit('rejected', error);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    deliveries,
    received,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
