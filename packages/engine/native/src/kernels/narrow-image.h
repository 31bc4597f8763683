#pragma once
// Images of at most four channels: small enough to be copied, with a border of zeros, before a convolution.
#include "../platform/parallel.h"
#include "image-source.h"

namespace singan::SINGAN_ISA {

constexpr int kMaxNarrow = 4;
// Channels in memory: a multiple of four or one of the numbers the products are compiled for.
constexpr int narrowStride(int channels) { return channels == 2 ? 4 : channels; }

struct NarrowImage {
  const float* data;
  int width;   // pixels per row
  int stride;  // floats per pixel
};

SINGAN_INLINE bool isNarrowCopyNeeded(const Source& source, int border) {
  return border > 0 || source.kind != SourceKind::kPlain || narrowStride(source.channels) != source.channels;
}

SINGAN_INLINE long narrowCopyFloats(const Source& source, int border) {
  return static_cast<long>(source.height + 2 * border) * (source.width + 2 * border) * narrowStride(source.channels);
}

SINGAN_INLINE void copyNarrowRow(const Source& source, int row, int stride, float* out) {
  const long pixel = static_cast<long>(row) * source.width;
  if (source.kind == SourceKind::kPlain && stride == source.channels) {
    memcpy(out, source.first + pixel * stride, static_cast<size_t>(source.width) * stride * sizeof(float));
    return;
  }
  alignas(64) float value[kLanes < kMaxNarrow ? kMaxNarrow : kLanes];
  for (int column = 0; column < source.width; column++, out += stride) {
    stagePixels(source, pixel + column, 1, {value, kLanes});
    for (int channel = 0; channel < stride; channel++) out[channel] = value[channel];
  }
}

// The source as it lies, or a copy of it in `memory` (narrowCopyFloats long) with `border` zeros around.
SINGAN_INLINE NarrowImage narrowImage(ThreadPool& pool, const Source& source, int border, float* memory) {
  if (!isNarrowCopyNeeded(source, border)) return {source.first, source.width, source.channels};
  const int stride = narrowStride(source.channels), width = source.width + 2 * border;
  const long rows = source.height + 2 * border, chunks = chunksFor(pool, rows, maxOf(1, 16384 / (width * stride)));
  parallelChunks(pool, chunks, [&](long chunk, int) {
    const Range range = rangeOf(rows, chunk, chunks);
    for (long row = range.begin; row < range.end; row++) {
      float* out = memory + row * width * stride;
      const int from = static_cast<int>(row) - border;
      clearFloats(out, static_cast<long>(width) * stride);
      if (from >= 0 && from < source.height) copyNarrowRow(source, from, stride, out + border * stride);
    }
  });
  return {memory, width, stride};
}

}  // namespace singan::SINGAN_ISA
