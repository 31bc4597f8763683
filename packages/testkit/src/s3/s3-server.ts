import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

/** What a client needs to reach an S3 server. */
export interface S3Access {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface S3Server extends S3Access {
  /** Where the server came from, for the name of the suite. */
  readonly source: string;
  readonly forcePathStyle: true;
  /** A new empty bucket; resolves to its name. */
  createBucket(): Promise<string>;
  stop(): Promise<void>;
}

/** Why no S3 server could be had. */
export interface S3Unavailable {
  readonly reason: string;
}

export const TEST_ACCESS = { region: 'us-east-1', accessKeyId: 'test-access-key', secretAccessKey: 'test-secret-key' };

export function s3Server(o: { access: S3Access; source: string; stop: () => Promise<void> }): S3Server {
  return {
    ...o.access,
    source: o.source,
    forcePathStyle: true,
    createBucket: () => createBucket(o.access),
    stop: o.stop,
  };
}

async function createBucket(access: S3Access): Promise<string> {
  const bucket = `test-${randomUUID()}`;
  const { accessKeyId, secretAccessKey } = access;
  const client = new S3Client({
    endpoint: access.endpoint,
    region: access.region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } finally {
    client.destroy();
  }
  return bucket;
}
