#pragma once
#include <cstddef>
#include <cstdint>

namespace singan {

// Copies a box of values, up to six axes: pad, slice, concat, tile, transpose and broadcast are all this.
struct StridedCopy {
  static constexpr int kAxes = 6;
  static constexpr int kNumbers = 2 + 3 * kAxes;  // in the order of the fields
  int32_t fromOffset, toOffset;
  int32_t lengths[kAxes];
  int32_t fromStrides[kAxes], toStrides[kAxes];  // 0 repeats a value
};

// Throws std::out_of_range unless all it touches lies in arrays of these sizes.
void checkBounds(const StridedCopy& copy, size_t fromSize, size_t toSize);

void stridedCopy(const StridedCopy& copy, const float* from, float* to);

}  // namespace singan
