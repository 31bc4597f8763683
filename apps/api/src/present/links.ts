/** Addresses in answers are absolute paths: they are right behind any host name and proxy. */
export const links = {
  model: (id: string) => `/models/${id}`,
  modelScales: (id: string) => `/models/${id}/scales`,
  modelSamples: (id: string) => `/models/${id}/samples`,
  modelPaintings: (id: string) => `/models/${id}/paintings`,
  modelHarmonizations: (id: string) => `/models/${id}/harmonizations`,
  modelEdits: (id: string) => `/models/${id}/edits`,
  modelAnimations: (id: string) => `/models/${id}/animations`,
  modelSuperResolutions: (id: string) => `/models/${id}/super-resolutions`,
  modelEvaluations: (id: string) => `/models/${id}/evaluations`,
  job: (id: string) => `/jobs/${id}`,
  jobCancel: (id: string) => `/jobs/${id}/cancel`,
  jobEvents: (id: string) => `/jobs/${id}/events`,
  artifact: (id: string) => `/artifacts/${id}`,
  artifactContent: (id: string) => `/artifacts/${id}/content`,
} as const;
