#include "strided-copy.h"

#include <cstring>
#include <stdexcept>

namespace singan {
namespace {

// Largest index touched, in 64 bits; -1 when nothing is.
int64_t lastIndex(int32_t offset, const int32_t* lengths, const int32_t* strides) {
  int64_t last = offset;
  for (int axis = 0; axis < StridedCopy::kAxes; axis++) {
    if (lengths[axis] == 0) return -1;
    last += static_cast<int64_t>(lengths[axis] - 1) * strides[axis];
  }
  return last;
}

void copyLine(int32_t length, const float* from, int32_t fromStride, float* to, int32_t toStride) {
  if (fromStride == 1 && toStride == 1) {
    std::memcpy(to, from, static_cast<size_t>(length) * sizeof(float));
    return;
  }
  for (int32_t i = 0; i < length; i++) to[static_cast<int64_t>(i) * toStride] = from[static_cast<int64_t>(i) * fromStride];
}

void copyAxis(const StridedCopy& copy, int axis, const float* from, float* to) {
  if (axis == StridedCopy::kAxes - 1) {
    return copyLine(copy.lengths[axis], from, copy.fromStrides[axis], to, copy.toStrides[axis]);
  }
  for (int32_t i = 0; i < copy.lengths[axis]; i++) {
    copyAxis(copy, axis + 1, from + static_cast<int64_t>(i) * copy.fromStrides[axis],
             to + static_cast<int64_t>(i) * copy.toStrides[axis]);
  }
}

}  // namespace

void checkBounds(const StridedCopy& copy, size_t fromSize, size_t toSize) {
  bool isPositive = copy.fromOffset >= 0 && copy.toOffset >= 0;
  for (int axis = 0; axis < StridedCopy::kAxes; axis++) {
    isPositive = isPositive && copy.lengths[axis] >= 0 && copy.fromStrides[axis] >= 0 && copy.toStrides[axis] >= 0;
  }
  if (!isPositive) throw std::out_of_range("a copy has a negative offset, length or stride");
  if (lastIndex(copy.fromOffset, copy.lengths, copy.fromStrides) >= static_cast<int64_t>(fromSize) ||
      lastIndex(copy.toOffset, copy.lengths, copy.toStrides) >= static_cast<int64_t>(toSize)) {
    throw std::out_of_range("a copy reaches over the end of a tensor");
  }
}

void stridedCopy(const StridedCopy& copy, const float* from, float* to) {
  if (lastIndex(copy.fromOffset, copy.lengths, copy.fromStrides) < 0) return;
  copyAxis(copy, 0, from + copy.fromOffset, to + copy.toOffset);
}

}  // namespace singan
