import { expect, test } from 'vitest';
import { checkWebhookUrl } from './check-webhook-url.ts';

const strict = { allowPrivate: false };
const refused = expect.objectContaining({ name: 'AppError', code: 'webhook.address_refused', httpStatus: 422 });

test.each([
  'https://example.com/hook?a=b',
  'https://example.com:8443/',
  'https://1.1.1.1/',
  'https://[2606:4700:4700::1111]/',
])('%s is accepted', (url) => {
  expect(checkWebhookUrl(url, strict).href).toBe(url);
});

test.each([
  'http://example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  '/relative',
  'not a url',
  '',
  'https://user@example.com/',
  'https://user:password@example.com/',
  'https://localhost/',
  'https://LOCALHOST./',
  'https://api.localhost/',
  'https://127.0.0.1/',
  'https://127.0.0.1./',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:8.8.8.8]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[fd00:ec2::254]/',
])('%s is refused', (url) => {
  expect(() => checkWebhookUrl(url, strict)).toThrow(refused);
});

test('a closed installation may allow http and private addresses, but no other scheme and no passwords', () => {
  expect(checkWebhookUrl('http://127.0.0.1:9000/hook', { allowPrivate: true }).port).toBe('9000');
  expect(() => checkWebhookUrl('file:///etc/passwd', { allowPrivate: true })).toThrow(refused);
  expect(() => checkWebhookUrl('http://a:b@127.0.0.1/', { allowPrivate: true })).toThrow(refused);
});

test('the error does not repeat a password', () => {
  expect(() => checkWebhookUrl('https://user:hunter2@example.com/', strict)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  );
});
