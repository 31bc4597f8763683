/** Addresses within the API that events and webhooks carry. */
export const jobLink = (jobId: string) => `/jobs/${jobId}`;
export const modelLink = (modelId: string) => `/models/${modelId}`;
export const artifactContentLink = (artifactId: string) => `/artifacts/${artifactId}/content`;
