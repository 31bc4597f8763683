// Passes over whole images, for what no convolution could take along.
#include "../platform/parallel.h"
#include "image-passes.h"

#include "epilogue.h"

namespace singan::SINGAN_ISA {
namespace {

constexpr int kRun = 64;  // pixels staged at a time

long pixelChunks(const ThreadPool& pool, const Source& source) {
  const long pixels = static_cast<long>(source.height) * source.width;
  return chunksFor(pool, pixels, maxOf(static_cast<long>(kRun), 16384L / source.channels));
}

// to[pixel][channel] (+)= values[pixel][channel]
void addRun(const float* values, int stride, int channels, int pixels, bool isFirst, float* to) {
  for (int pixel = 0; pixel < pixels; pixel++, values += stride, to += channels) {
    for (int k = 0; k < channels; k++) to[k] = isFirst ? values[k] : to[k] + values[k];
  }
}

}  // namespace

void evaluate(ThreadPool& pool, const Source* sources, int count, float* result) {
  const Source& shape = sources[0];
  const int channels = shape.channels, padded = roundUp(channels, kLanes);
  const long pixels = static_cast<long>(shape.height) * shape.width, chunks = pixelChunks(pool, shape);
  pool.reserveScratch(static_cast<long>(kRun) * padded);
  parallelChunks(pool, chunks, [&](long chunk, int worker) {
    const Range range = rangeOf(pixels, chunk, chunks);
    for (long pixel = range.begin; pixel < range.end; pixel += kRun) {
      const int run = static_cast<int>(minOf(static_cast<long>(kRun), range.end - pixel));
      float* to = result + pixel * channels;
      for (int i = 0; i < count; i++) {
        if (i == 0 && padded == channels) {
          stagePixels(sources[i], pixel, run, {to, channels});
          continue;
        }
        stagePixels(sources[i], pixel, run, {pool.scratch(worker), padded});
        addRun(pool.scratch(worker), padded, channels, run, i == 0, to);
      }
    }
  });
}

void reduce(ThreadPool& pool, const Source& source, const Epilogue& epilogue) {
  const int channels = source.channels, padded = roundUp(channels, kLanes);
  const long pixels = static_cast<long>(source.height) * source.width, chunks = pixelChunks(pool, source);
  const long partialFloats = static_cast<long>(kMaxSums) * paddedChannels(channels);
  float* partials = pool.sharedScratch(chunks * partialFloats);
  pool.reserveScratch(static_cast<long>(kRun) * padded);
  parallelChunks(pool, chunks, [&](long chunk, int worker) {
    float* partial = partials + chunk * partialFloats;
    float* staging = pool.scratch(worker);
    clearFloats(partial, partialFloats);
    const Range range = rangeOf(pixels, chunk, chunks);
    for (long pixel = range.begin; pixel < range.end; pixel += kRun) {
      const int run = static_cast<int>(minOf(static_cast<long>(kRun), range.end - pixel));
      stagePixels(source, pixel, run, {staging, padded});
      finishPixels({staging, padded, pixel, run, 0, padded, channels}, epilogue, nullptr, partial);
    }
  });
  addPartials(partials, chunks, kMaxSums, paddedChannels(channels), epilogue.sums);
}

}  // namespace singan::SINGAN_ISA
