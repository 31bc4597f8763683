#pragma once
#include "conv-types.h"
#include "vector.h"

namespace singan::SINGAN_ISA {

// An image, of two megabytes or more, that does not stay in the caches until it is read again: it is stored past them (streaming.h) and
// asked for ahead of its use. For smaller ones asking costs more than it saves (measured: 5 % of a convolution of 60x80x32).
SINGAN_INLINE bool isLarge(long pixels, int channels) { return pixels * channels >= 1L << 19; }

SINGAN_INLINE bool isLarge(const Source& source) {
  return isLarge(static_cast<long>(source.height) * source.width, source.channels);
}

}  // namespace singan::SINGAN_ISA
