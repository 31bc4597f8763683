import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { signWebhook } from './sign-webhook.ts';

// the example of the Standard Webhooks specification's libraries
const EXAMPLE = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: new Date(1_614_265_330_000),
  body: '{"test": 2432232314}',
  secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
};

test('the published example has its published signature', () => {
  expect(signWebhook(EXAMPLE)).toEqual({
    'webhook-id': EXAMPLE.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('while a secret is replaced, the holder of either verifies', () => {
  const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_c2Vjb25kIHNlY3JldCBvZiB0aGUgdGVzdA=='];
  const headers = signWebhook({ ...EXAMPLE, timestamp: new Date(), secrets });
  for (const secret of secrets)
    expect(new Webhook(secret).verify(EXAMPLE.body, headers)).toEqual({ test: 2_432_232_314 });
  expect(() => new Webhook('whsec_YW5vdGhlciBzZWNyZXQ=').verify(EXAMPLE.body, headers)).toThrow();
});

test.each([[['whsec_not base64!']], [['whsec_']], [[]]])(
  'the secrets %j are config.invalid, and the error does not show them',
  (secrets) => {
    expect(() => signWebhook({ ...EXAMPLE, secrets })).toThrow(
      expect.objectContaining({ code: 'config.invalid', message: expect.not.stringContaining('not base64!') }),
    );
  },
);
