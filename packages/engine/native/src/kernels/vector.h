#pragma once
// The one vector type of all kernels. Every file of this folder is compiled once per instruction set, with
// SINGAN_ISA (namespace) and SINGAN_LANES (floats per vector: 16, 8 or 4) defined. What is compiled here must not
// instantiate anything outside of its namespace: the linker would keep one copy of, say, std::max<long>, and that copy may use
// instructions the machine lacks. So: no standard containers or algorithms in this folder.
#include <cstdint>
#include <cstring>

#include "../platform/inline.h"

#define SINGAN_NOINLINE __attribute__((noinline))
#if defined(__clang__)
#define SINGAN_UNROLL _Pragma("clang loop unroll(full)")
#define SINGAN_NO_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define SINGAN_UNROLL _Pragma("GCC unroll 16")
#define SINGAN_NO_UNROLL _Pragma("GCC unroll 1")
#endif

namespace singan::SINGAN_ISA {

constexpr int kLanes = SINGAN_LANES;
constexpr int kLineFloats = 16;  // of a cache line
typedef float Vec __attribute__((vector_size(kLanes * 4)));
typedef int32_t IntVec __attribute__((vector_size(kLanes * 4)));
typedef float UnalignedVec __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));

SINGAN_INLINE Vec load(const float* p) { return *reinterpret_cast<const UnalignedVec*>(p); }
SINGAN_INLINE void store(float* p, Vec v) { *reinterpret_cast<UnalignedVec*>(p) = v; }
SINGAN_INLINE Vec broadcast(float value) { return value - Vec{}; }
// NaN of either wins, as in JavaScript.
SINGAN_INLINE Vec maximum(Vec a, Vec b) { return a > b ? a : (a != a ? a : b); }
SINGAN_INLINE Vec minimum(Vec a, Vec b) { return a < b ? a : (a != a ? a : b); }

template <class T>
SINGAN_INLINE T minOf(T a, T b) { return a < b ? a : b; }
template <class T>
SINGAN_INLINE T maxOf(T a, T b) { return a > b ? a : b; }
template <class T>
SINGAN_INLINE T roundUp(T value, T multiple) { return (value + multiple - 1) / multiple * multiple; }

SINGAN_INLINE void storePartial(float* p, Vec v, int count) {
  if (count >= kLanes) return store(p, v);
  for (int i = 0; i < count; i++) p[i] = v[i];
}

// Lanes from `count` on are zero.
SINGAN_INLINE Vec firstLanes(Vec v, int count) {
  for (int i = count; i < kLanes; i++) v[i] = 0;
  return v;
}

}  // namespace singan::SINGAN_ISA
