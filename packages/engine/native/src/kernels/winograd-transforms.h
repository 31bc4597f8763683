#pragma once
// One-dimensional transforms of the Winograd convolution F(4, 3): 4 outputs of a 3-tap filter from 6 inputs with 6
// multiplications. A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016 (arXiv 1509.09308).
//
//   y = At [ (G w) .* (Bt d) ]        d: 6 inputs, w: 3 taps, y: 4 outputs
//
// from the values at the points 0, p, -p, q, -q, infinity, in this order. p = 1/sqrt2 and q = sqrt2 (p q = 1, so that small and large
// powers balance) halve the rounding error of the paper's 1 and 2 at the same cost. With P = p^2 = 1/2, Q = q^2 = 2:
//
//   Bt = | PQ   0  -(P+Q)  0    1  0 |       At = | 1  1   1    1   1   0 |       G = | 1/PQ        0          0        |
//        |  0 -pQ   -Q     p    1  0 |            | 0  p  -p    q  -q   0 |           | 1/2P(P-Q)   p/2P(P-Q)  1/2(P-Q) |
//        |  0  pQ   -Q    -p    1  0 |            | 0  P   P    Q   Q   0 |           | ..         -..         ..       |
//        |  0 -qP   -P     q    1  0 |            | 0  pP -pP   qQ -qQ  1 |           | 1/2Q(Q-P)   q/2Q(Q-P)  1/2(Q-P) |
//        |  0  qP   -P    -q    1  0 |                                                | ..         -..         ..       |
//        |  0  PQ    0  -(P+Q)  0  1 |                                                | 0           0          1        |
#include "vector.h"

namespace singan::SINGAN_ISA {

constexpr int kTileOut = 4;
constexpr int kTileIn = 6;
constexpr int kFrequencies = kTileIn * kTileIn;

constexpr float kP = 0.70710678118654752f, kQ = 1.41421356237309505f;

// Points that are computed together: {0}, {p, -p}, {q, -q}, {infinity}.
constexpr int kGroups = 4;
constexpr int firstOfGroup(int group) { return group == 0 ? 0 : 2 * group - 1; }
constexpr int sizeOfGroup(int group) { return group == 0 || group == 3 ? 1 : 2; }

// Bt: the values of one group (one or two) from the inputs d(0) .. d(5).
template <class Inputs>
SINGAN_INLINE void inputTransform(int group, Inputs d, Vec& plus, Vec& minus) {
  if (group == 0 || group == 3) {
    const int odd = group == 3;
    plus = d(odd) - 2.5f * d(2 + odd) + d(4 + odd);
    return;
  }
  const float point = group == 1 ? kP : kQ, other = group == 1 ? 2.0f : 0.5f;
  const Vec even = d(4) - other * d(2), odd = point * (d(3) - other * d(1));
  plus = even + odd;
  minus = even - odd;
}

// A: the values of one group from four gradients y(0) .. y(3): the adjoint of the output transform.
template <class Gradients>
SINGAN_INLINE void gradientTransform(int group, Gradients y, Vec& plus, Vec& minus) {
  if (group == 0 || group == 3) {
    plus = y(group);
    return;
  }
  const float point = group == 1 ? kP : kQ, square = group == 1 ? 0.5f : 2.0f;
  const Vec even = y(0) + square * y(2), odd = point * (y(1) + square * y(3));
  plus = even + odd;
  minus = even - odd;
}

// At: four outputs from six values m(0) .. m(5).
template <class Values>
SINGAN_INLINE void outputTransform(Values m, Vec* y) {
  const Vec s1 = m(1) + m(2), d1 = m(1) - m(2), s2 = m(3) + m(4), d2 = m(3) - m(4);
  y[0] = m(0) + s1 + s2;
  y[1] = kP * d1 + kQ * d2;
  y[2] = 0.5f * s1 + 2.0f * s2;
  y[3] = 0.5f * kP * d1 + 2.0f * kQ * d2 + m(5);
}

// G: six values from three taps.
SINGAN_INLINE void weightTransform(const Vec* w, Vec* u) {
  constexpr float gp = 1 / (2 * 0.5f * (0.5f - 2)), gq = 1 / (2 * 2.0f * (2 - 0.5f));
  const Vec evenP = gp * (w[0] + 0.5f * w[2]), oddP = gp * kP * w[1];
  const Vec evenQ = gq * (w[0] + 2.0f * w[2]), oddQ = gq * kQ * w[1];
  u[0] = w[0];
  u[1] = evenP + oddP;
  u[2] = evenP - oddP;
  u[3] = evenQ + oddQ;
  u[4] = evenQ - oddQ;
  u[5] = w[2];
}

// Gt: three taps from six values: the adjoint of the weight transform.
template <class Values>
SINGAN_INLINE void weightTransformAdjoint(Values u, Vec* w) {
  constexpr float gp = 1 / (2 * 0.5f * (0.5f - 2)), gq = 1 / (2 * 2.0f * (2 - 0.5f));
  const Vec sumP = gp * (u(1) + u(2)), sumQ = gq * (u(3) + u(4));
  w[0] = u(0) + sumP + sumQ;
  w[1] = gp * kP * (u(1) - u(2)) + gq * kQ * (u(3) - u(4));
  w[2] = 0.5f * sumP + 2.0f * sumQ + u(5);
}

}  // namespace singan::SINGAN_ISA
