import {
  artifactSchema,
  createSamplesSchema,
  jobSchema,
  modelSchema,
  problemSchema,
  queueStatusSchema,
  scaleSchema,
} from '@singan/contracts';
import { jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';

const NAMED_SCHEMAS = {
  Artifact: artifactSchema,
  CreateSamples: createSamplesSchema,
  Job: jobSchema,
  Model: modelSchema,
  Problem: problemSchema,
  QueueStatus: queueStatusSchema,
  Scale: scaleSchema,
};

/** Gives schemas names of their own in the document. Zod's global registry, because the descriptions of the fields are there too. */
export function nameSchemas(): void {
  for (const [id, schema] of Object.entries(NAMED_SCHEMAS)) {
    if (!z.globalRegistry.has(schema)) z.globalRegistry.add(schema, { id });
  }
}

interface OpenApiDocument {
  readonly paths?: unknown;
  readonly components?: { readonly schemas?: Record<string, object> };
}

/** Adds the named schemas that the document refers to. The converter offers each twice, as input and as output. */
export const addNamedSchemas: typeof jsonSchemaTransformObject = (document) => {
  const complete = jsonSchemaTransformObject(document) as OpenApiDocument;
  const offered = complete.components?.schemas ?? {};
  const used = new Set(namesIn(complete.paths));
  for (const name of used) for (const inner of namesIn(offered[name])) used.add(inner);
  const schemas = Object.fromEntries(Object.entries(offered).filter(([name]) => used.has(name)));
  return { ...complete, components: { ...complete.components, schemas } } as ReturnType<
    typeof jsonSchemaTransformObject
  >;
};

function namesIn(part: unknown): string[] {
  const references = JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
  return [...references].map((match) => match[1] ?? '');
}
