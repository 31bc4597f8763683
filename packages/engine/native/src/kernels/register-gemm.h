#pragma once
// The matrix product at the bottom of the convolutions: up to kRegisterRows rows times two vectors of results stay in
// registers over the whole depth; each step loads two vectors of b and broadcasts one value of a per row.
#include "vector.h"

namespace singan::SINGAN_ISA {

constexpr int kRegisterRows = kLanes == 16 ? 14 : 6;  // 28 + 2 of 32 registers, 12 + 2 (+ 1) of 16
constexpr int kOutBlock = 2 * kLanes;                 // results per row
constexpr int kDepthChunk = 32;                       // channels that lie together in transformed tiles

struct GemmOperands {
  const float* a;
  int chunkDepth;    // depth steps that lie together in a
  long chunkStride;  // floats of a from one chunk to the next
  const float* b;
  float* out;
  long outStride;  // floats from row to row
  int depth;
  bool accumulate;  // add to out
};

// a[row * aRow + step % chunkDepth * aStep + step / chunkDepth * chunkStride], b[step * bStep + ..vectors * kLanes)
template <int rows, int aRow, int aStep, int bStep, int vectors = 2>
SINGAN_NOINLINE void multiplyRows(const GemmOperands& operands) {
  Vec sums[rows][vectors];
  SINGAN_UNROLL for (int row = 0; row < rows; row++) {
    const float* out = operands.out + row * operands.outStride;
    SINGAN_UNROLL for (int i = 0; i < vectors; i++) sums[row][i] = operands.accumulate ? load(out + i * kLanes) : Vec{};
  }
  const float* b = operands.b;
  const float* chunk = operands.a;
  for (int left = operands.depth; left > 0; left -= operands.chunkDepth, chunk += operands.chunkStride) {
    const float* a = chunk;
    SINGAN_NO_UNROLL for (int step = minOf(left, operands.chunkDepth); step > 0; step--, a += aStep, b += bStep) {
      // GCC would keep values of a that the next step reads again, and run out of registers for the sums.
      asm volatile("" ::: "memory");
      Vec right[vectors];
      SINGAN_UNROLL for (int i = 0; i < vectors; i++) right[i] = load(b + i * kLanes);
      SINGAN_UNROLL for (int row = 0; row < rows; row++) {
        const Vec left = broadcast(a[row * aRow]);
        SINGAN_UNROLL for (int i = 0; i < vectors; i++) sums[row][i] += left * right[i];
      }
    }
  }
  SINGAN_UNROLL for (int row = 0; row < rows; row++) {
    float* out = operands.out + row * operands.outStride;
    SINGAN_UNROLL for (int i = 0; i < vectors; i++) store(out + i * kLanes, sums[row][i]);
  }
}

template <int aRow, int aStep, int bStep, int vectors = 2>
SINGAN_INLINE void multiplyRowsOf(int rows, const GemmOperands& operands) {
  switch (rows) {
#define SINGAN_ROWS(n) \
  case n: return multiplyRows<n, aRow, aStep, bStep, vectors>(operands);
    SINGAN_ROWS(1) SINGAN_ROWS(2) SINGAN_ROWS(3) SINGAN_ROWS(4) SINGAN_ROWS(5) SINGAN_ROWS(6)
#if SINGAN_LANES == 16
    SINGAN_ROWS(7) SINGAN_ROWS(8) SINGAN_ROWS(9) SINGAN_ROWS(10)
    SINGAN_ROWS(11) SINGAN_ROWS(12) SINGAN_ROWS(13) SINGAN_ROWS(14)
#endif
#undef SINGAN_ROWS
  }
}

SINGAN_INLINE int rowBlocks(int rows) { return (rows + kRegisterRows - 1) / kRegisterRows; }

// body(first, count) for `rows` rows in as few, nearly equal blocks of at most kRegisterRows as there can be.
template <class Body>
SINGAN_INLINE void forRowBlocks(int rows, const Body& body) {
  const int blocks = rowBlocks(rows);
  for (int block = 0, first = 0; block < blocks; block++) {
    const int next = rows * (block + 1) / blocks;
    body(first, next - first);
    first = next;
  }
}

}  // namespace singan::SINGAN_ISA
