#pragma once
#include <cmath>

#include "vector.h"

namespace singan::SINGAN_ISA {

SINGAN_INLINE Vec squareRoot(Vec v) {
  SINGAN_UNROLL for (int i = 0; i < kLanes; i++) v[i] = __builtin_sqrtf(v[i]);
  return v;
}

// e^x for |x| <= 87, relative error below 2e-7: 2^n e^r with r = x - n ln 2 in two parts (as in Cephes' expf).
SINGAN_INLINE Vec exponential(Vec x) {
  constexpr float kRound = 12582912.0f;  // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
  const Vec shifted = x * 1.44269504f + kRound;
  const Vec n = shifted - kRound;
  const Vec r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  Vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const IntVec exponent = ((IntVec)shifted + 127) << 23;
  return p * (Vec)exponent;
}

// tanh, error below 2e-7: a polynomial near 0 (as in Cephes' tanhf), 1 - 2 / (e^2x + 1) elsewhere.
SINGAN_INLINE Vec hyperbolicTangent(Vec x) {
  const Vec magnitude = x < Vec{} ? -x : x;
  const Vec limited = minimum(magnitude, broadcast(10));
  const Vec far = 1.0f - 2.0f / (exponential(2.0f * limited) + 1.0f);
  const Vec z = x * x;
  Vec p = z * -5.70498872745e-3f + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const Vec near = p * z * x + x;
  const Vec result = magnitude < 0.625f ? near : (x < Vec{} ? -far : far);
  return x != x ? x : result;
}

}  // namespace singan::SINGAN_ISA
