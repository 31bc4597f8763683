export { freePort } from './free-port.ts';
export { balloonsPicture, hillsPicture, type PictureOptions, pebblesPicture } from './pictures.ts';
export { type PostgresServer, startPostgres } from './postgres.ts';
export { type RedisServer, startRedis } from './redis.ts';
export type { S3Access, S3Server, S3Unavailable } from './s3/s3-server.ts';
export { startS3 } from './s3/start-s3.ts';
export { eventually, type WaitOptions, waitForEvent } from './signals.ts';
export { createTestDatabase } from './test-database.ts';
