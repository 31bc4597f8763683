// Convolution of an image of at most four channels: all 9 x in inputs of a pixel are one short sum.
#include "../platform/parallel.h"
#include "conv.h"
#include "epilogue.h"
#include "narrow-image.h"
#include "register-gemm.h"

namespace singan::SINGAN_ISA {
namespace {

SINGAN_INLINE int depthOf(int in) { return 9 * narrowStride(in); }
SINGAN_INLINE long blockFloats(int in) { return static_cast<long>(depthOf(in)) * kOutBlock; }

SINGAN_INLINE void multiplyPixels(int pixels, int stride, const GemmOperands& operands) {
  switch (stride) {
    case 1: return multiplyRowsOf<1, 1, kOutBlock>(pixels, operands);
    case 3: return multiplyRowsOf<3, 1, kOutBlock>(pixels, operands);
    default: return multiplyRowsOf<4, 1, kOutBlock>(pixels, operands);
  }
}

}  // namespace

long narrowInPreparedFloats(int in, int out) { return blockFloats(in) * (roundUp(out, kOutBlock) / kOutBlock); }

// [block of output channels][tap][input channel][kOutBlock]
void narrowInPrepare(const float* weights, int in, int out, float* prepared) {
  const int stride = narrowStride(in);
  clearFloats(prepared, narrowInPreparedFloats(in, out));
  for (int tap = 0; tap < 9; tap++) {
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        prepared[o / kOutBlock * blockFloats(in) + (tap * stride + i) * kOutBlock + o % kOutBlock] =
            weights[(static_cast<long>(tap) * in + i) * out + o];
      }
    }
  }
}

void narrowInConvolve(ThreadPool& pool, const Source& source, const float* prepared, int out, int pad,
                      const Epilogue& epilogue, float* result) {
  const int height = source.height + 2 * pad - 2, width = source.width + 2 * pad - 2;
  const long chunks = chunksFor(pool, height, maxOf(1, 512 / width));
  const long partialFloats = static_cast<long>(kMaxSums) * paddedChannels(out);
  float* partials = pool.sharedScratch(chunks * partialFloats + narrowCopyFloats(source, pad));
  const NarrowImage x = narrowImage(pool, source, pad, partials + chunks * partialFloats);
  const bool streams = isStreamed(static_cast<long>(height) * width, out);
  parallelChunks(pool, chunks, [&](long chunk, int) {
    float* partial = partials + chunk * partialFloats;
    clearFloats(partial, partialFloats);
    alignas(64) float values[kRegisterRows * kOutBlock];
    const Range rows = rangeOf(height, chunk, chunks);
    for (long row = rows.begin; row < rows.end; row++) {
      forRowBlocks(width, [&](int column, int count) {
        const float* a = x.data + (row * x.width + column) * x.stride;
        for (int channel = 0; channel < out; channel += kOutBlock) {
          const float* b = prepared + channel / kOutBlock * blockFloats(source.channels);
          multiplyPixels(count, x.stride,
                         {a, 3 * x.stride, static_cast<long>(x.width) * x.stride, b, values, kOutBlock,
                          depthOf(source.channels), false});
          finishPixels({values, kOutBlock, row * width + column, count, channel, kOutBlock, out, streams}, epilogue,
                       result, partial);
        }
      });
    }
    if (streams) finishStreaming();
  });
  if (epilogue.sums) addPartials(partials, chunks, kMaxSums, paddedChannels(out), epilogue.sums);
}

}  // namespace singan::SINGAN_ISA
