// Weight gradient where the input or the output has at most four channels: for each pixel of the wide image and each value of
// the 3x3 neighbourhood in the narrow one, one vector of products.
#include "../platform/parallel.h"
#include "conv.h"
#include "image-source.h"
#include "narrow-image.h"

namespace singan::SINGAN_ISA {
namespace {

constexpr int kVectors = kLanes == 16 ? 2 : 1;

// sums[j][..] += narrow[column * stride + j] * wide[column][..] along a row; j < span: three neighbouring narrow pixels
template <int span, int vectors>
SINGAN_NOINLINE void addRow(const float* wide, long wideStride, const float* narrow, int columns, float* sums,
                            long sumStride) {
  constexpr int stride = span / 3;
  Vec s[span][vectors];
  SINGAN_UNROLL for (int j = 0; j < span; j++) {
    SINGAN_UNROLL for (int v = 0; v < vectors; v++) s[j][v] = load(sums + j * sumStride + v * kLanes);
  }
  SINGAN_NO_UNROLL for (int column = 0; column < columns; column++, wide += wideStride, narrow += stride) {
    Vec w[vectors];
    SINGAN_UNROLL for (int v = 0; v < vectors; v++) w[v] = load(wide + v * kLanes);
    SINGAN_UNROLL for (int j = 0; j < span; j++) {
      const Vec n = broadcast(narrow[j]);
      SINGAN_UNROLL for (int v = 0; v < vectors; v++) s[j][v] += n * w[v];
    }
  }
  SINGAN_UNROLL for (int j = 0; j < span; j++) {
    SINGAN_UNROLL for (int v = 0; v < vectors; v++) store(sums + j * sumStride + v * kLanes, s[j][v]);
  }
}

template <int vectors>
SINGAN_INLINE void addRowOf(int stride, const float* wide, long wideStride, const float* narrow, int columns,
                            float* sums, long sumStride) {
  switch (stride) {
    case 1: return addRow<3, vectors>(wide, wideStride, narrow, columns, sums, sumStride);
    case 3: return addRow<9, vectors>(wide, wideStride, narrow, columns, sums, sumStride);
    default: return addRow<12, vectors>(wide, wideStride, narrow, columns, sums, sumStride);
  }
}

// Pixels that are staged together: they stay in the first-level cache while the taps go over them.
constexpr int kSegment = 48;

// sums[tap column][narrow channel][wide channel] of neighbouring wide pixels and one row of taps; narrow points to the first neighbour of
// the first pixel.
SINGAN_NOINLINE void addPixels(const float* wide, int channels, int columns, const float* narrow, int stride,
                               float* sums) {
  const int vectorStep = kVectors * kLanes;
  int channel = 0;
  for (; channel + vectorStep <= channels; channel += vectorStep) {
    addRowOf<kVectors>(stride, wide + channel, channels, narrow, columns, sums + channel, channels);
  }
  for (; channel < channels; channel += kLanes) {
    addRowOf<1>(stride, wide + channel, channels, narrow, columns, sums + channel, channels);
  }
}

}  // namespace

void narrowWeightGradient(ThreadPool& pool, const GradientPair& pair, bool addToGradient, float* gradient) {
  const int in = pair.x->channels, out = pair.dy->channels;
  const bool isInputWide = out <= kMaxNarrow;
  const Source& wide = isInputWide ? *pair.x : *pair.dy;
  const Source& narrow = isInputWide ? *pair.dy : *pair.x;
  const int border = isInputWide ? 2 : 0, padded = roundUp(wide.channels, kLanes);
  const bool isReadable = wide.kind == SourceKind::kPlain && padded == wide.channels;
  const long chunks = chunksFor(pool, wide.height, maxOf(8, 2048 / wide.width));
  const int stride = narrowStride(narrow.channels);
  const long partialFloats = 9L * stride * padded;
  float* partials = pool.sharedScratch(chunks * partialFloats + narrowCopyFloats(narrow, border));
  const NarrowImage image = narrowImage(pool, narrow, border, partials + chunks * partialFloats);
  pool.reserveScratch(static_cast<long>(kSegment) * padded);
  parallelChunks(pool, chunks, [&](long chunk, int worker) {
    float* sums = partials + chunk * partialFloats;
    clearFloats(sums, partialFloats);
    const Range rows = rangeOf(wide.height, chunk, chunks);
    for (long row = rows.begin; row < rows.end; row++) {
      for (int column = 0; column < wide.width; column += kSegment) {
        const int columns = minOf(kSegment, wide.width - column);
        const long pixel = row * wide.width + column;
        const float* values = wide.first + pixel * wide.channels;
        if (!isReadable) {
          stagePixels(wide, pixel, columns, {pool.scratch(worker), padded});
          values = pool.scratch(worker);
        }
        for (int tapRow = 0; tapRow < 3; tapRow++) {
          // Of the next segment, a third at a time: what is asked for at once beyond some dozen lines is waited for.
          prefetchPixels(wide, {0, wide.channels}, pixel + kSegment + tapRow * kSegment / 3, kSegment / 3);
          const float* neighbours = image.data + ((row + tapRow) * image.width + column) * image.stride;
          addPixels(values, padded, columns, neighbours, stride, sums + 3L * tapRow * stride * padded);
        }
      }
    }
  });
  for (int tap = 0; tap < 9; tap++) {
    for (int n = 0; n < narrow.channels; n++) {
      for (int k = 0; k < wide.channels; k++) {
        const float* p = partials + (static_cast<long>(tap) * stride + n) * padded + k;
        double sum = 0;
        for (long chunk = 0; chunk < chunks; chunk++) sum += p[chunk * partialFloats];
        // With a border of two the neighbourhood of an input pixel holds the taps in reverse.
        const long to = isInputWide ? (static_cast<long>(8 - tap) * in + k) * out + n
                                    : (static_cast<long>(tap) * in + n) * out + k;
        gradient[to] = static_cast<float>(addToGradient ? gradient[to] + sum : sum);
      }
    }
  }
}

}  // namespace singan::SINGAN_ISA
