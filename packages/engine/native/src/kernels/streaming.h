#pragma once
// Stores past the caches. An image that is larger than them is gone before it is read again; storing it the ordinary way reads each line
// before it is overwritten, and pushes out what is still needed.
#include "large-image.h"

namespace singan::SINGAN_ISA {

// Where a vector is a whole cache line only: parts of lines are slower than ordinary stores.
#if SINGAN_LANES == 16
constexpr bool kCanStream = true;
#if defined(__clang__)
SINGAN_INLINE void stream(float* p, Vec v) { __builtin_nontemporal_store(v, reinterpret_cast<Vec*>(p)); }
#else
SINGAN_INLINE void stream(float* p, Vec v) { __builtin_ia32_movntps512(p, v); }
#endif
// To be called before another thread is told of the values.
SINGAN_INLINE void finishStreaming() { __builtin_ia32_sfence(); }
#else
constexpr bool kCanStream = false;
SINGAN_INLINE void stream(float* p, Vec v) { store(p, v); }
SINGAN_INLINE void finishStreaming() {}
#endif

SINGAN_INLINE bool isStreamed(long pixels, int channels) {
  return kCanStream && channels % kLanes == 0 && isLarge(pixels, channels);
}

}  // namespace singan::SINGAN_ISA
