#pragma once
// One-dimensional transforms of the Winograd convolutions F(4, 3) and F(6, 3): 4 or 6 outputs of a 3-tap filter from 6 or 8 inputs with as
// many multiplications as inputs. A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016 (arXiv 1509.09308).
//
//   y = At [ (G w) .* (Bt d) ]        d: inputs, w: 3 taps, y: outputs
//
// from the values at the points 0, p, -p, q, -q, .., infinity, in this order. With N(x) = x (x^2 - p^2) (x^2 - q^2) ..
//
//   Bt   coefficients of N(x) / (x - point) in the row of a point, those of N(x) in the row of infinity
//   At   powers 0, 1, 2, .. in the column of a point; infinity adds to the last output alone
//   G    powers 0, 1, 2 over N'(point) in the row of a point, the last tap in the row of infinity
//
// so that the rows of p and -p are sum and difference of an even and an odd part. p^2 q^2 .. is 1, which makes N'(0) 1 for F(4, 3) and -1
// for F(6, 3), where row 0 of both Bt and G has its sign turned. Points are chosen for the rounding error: 1/sqrt2 and sqrt2 halve that
// of the paper's 1 and 2 at the same cost; 1/2, 1 and 2 are as good as any.
#include "vector.h"

namespace singan::SINGAN_ISA {

constexpr int valuesOf(int outputs) { return outputs + 2; }

// Points that are computed together: {0}, {p, -p}, .., {infinity}.
constexpr int groupsOf(int outputs) { return outputs / 2 + 2; }
constexpr int firstOfGroup(int group) { return group == 0 ? 0 : 2 * group - 1; }
constexpr bool isPair(int outputs, int group) { return group > 0 && group <= outputs / 2; }

template <int outputs>
struct Winograd;

template <>
struct Winograd<4> {
  static constexpr float p = 0.70710678118654752f, q = 1.41421356237309505f, pp = 0.5f, qq = 2;
  static constexpr float gp = 1 / (2 * pp * (pp - qq)), gq = 1 / (2 * qq * (qq - pp));  // 1 / N'

  // Bt: the values of one group from the inputs d(0) .. d(5). Alone in its group, a value is `plus`.
  template <class Inputs>
  static SINGAN_INLINE void input(int group, Inputs d, Vec& plus, Vec& minus) {
    if (!isPair(4, group)) {
      const int odd = group == 3;
      plus = d(odd) - (pp + qq) * d(2 + odd) + d(4 + odd);
      return;
    }
    const float point = group == 1 ? p : q, other = group == 1 ? qq : pp;
    const Vec even = d(4) - other * d(2), odd = point * (d(3) - other * d(1));
    plus = even + odd;
    minus = even - odd;
  }

  // A: the values of one group from four gradients y(0) .. y(3): the adjoint of the output transform.
  template <class Gradients>
  static SINGAN_INLINE void gradient(int group, Gradients y, Vec& plus, Vec& minus) {
    if (!isPair(4, group)) {
      plus = y(group);
      return;
    }
    const float point = group == 1 ? p : q, square = group == 1 ? pp : qq;
    const Vec even = y(0) + square * y(2), odd = point * (y(1) + square * y(3));
    plus = even + odd;
    minus = even - odd;
  }

  // At: four outputs from six values m(0) .. m(5).
  template <class Values>
  static SINGAN_INLINE void output(Values m, Vec* y) {
    const Vec sp = m(1) + m(2), dp = m(1) - m(2), sq = m(3) + m(4), dq = m(3) - m(4);
    y[0] = m(0) + sp + sq;
    y[1] = p * dp + q * dq;
    y[2] = pp * sp + qq * sq;
    y[3] = pp * p * dp + qq * q * dq + m(5);
  }

  // G: six values from three taps.
  static SINGAN_INLINE void weight(const Vec* w, Vec* u) {
    const Vec evenP = gp * (w[0] + pp * w[2]), oddP = gp * p * w[1];
    const Vec evenQ = gq * (w[0] + qq * w[2]), oddQ = gq * q * w[1];
    u[0] = w[0];
    u[1] = evenP + oddP;
    u[2] = evenP - oddP;
    u[3] = evenQ + oddQ;
    u[4] = evenQ - oddQ;
    u[5] = w[2];
  }

  // Gt: three taps from six values: the adjoint of the weight transform.
  template <class Values>
  static SINGAN_INLINE void weightAdjoint(Values u, Vec* w) {
    const Vec sumP = gp * (u(1) + u(2)), sumQ = gq * (u(3) + u(4));
    w[0] = u(0) + sumP + sumQ;
    w[1] = gp * p * (u(1) - u(2)) + gq * q * (u(3) - u(4));
    w[2] = pp * sumP + qq * sumQ + u(5);
  }
};

// No gradients are transformed with six: see GradientTile.
template <>
struct Winograd<6> {
  static constexpr float p = 0.5f, q = 1, r = 2, pp = p * p, qq = q * q, rr = r * r;
  static constexpr float squares = pp + qq + rr;  // also pp qq + pp rr + qq rr, as pp qq rr is 1 and q is 1
  static constexpr float nDerivative(float a, float b, float c) { return 2 * a * (a - b) * (a - c); }

  template <class Inputs>
  static SINGAN_INLINE void input(int group, Inputs d, Vec& plus, Vec& minus) {
    if (group == 0) {
      plus = d(0) - d(6) + squares * (d(4) - d(2));
      return;
    }
    if (group == 4) {
      plus = d(7) - d(1) + squares * (d(3) - d(5));
      return;
    }
    // N(x) / (x - point) = x (x + point) (x^4 - sum x^2 + product), of the squares of the other two
    const float point = group == 1 ? p : group == 2 ? q : r;
    const float sum = squares - point * point, product = 1 / (point * point);
    const Vec even = d(6) - sum * d(4) + product * d(2), odd = point * (d(5) - sum * d(3) + product * d(1));
    plus = even + odd;
    minus = even - odd;
  }

  template <class Values>
  static SINGAN_INLINE void output(Values m, Vec* y) {
    const Vec sp = m(1) + m(2), dp = m(1) - m(2), sq = m(3) + m(4), dq = m(3) - m(4), sr = m(5) + m(6), dr = m(5) - m(6);
    y[0] = m(0) + sp + sq + sr;
    y[1] = p * dp + dq + r * dr;
    y[2] = pp * sp + sq + rr * sr;
    y[3] = pp * p * dp + dq + rr * r * dr;
    y[4] = pp * pp * sp + sq + rr * rr * sr;
    y[5] = pp * pp * p * dp + dq + rr * rr * r * dr + m(7);
  }

  static SINGAN_INLINE void weight(const Vec* w, Vec* u) {
    constexpr float gp = 1 / nDerivative(pp, qq, rr), gq = 1 / nDerivative(qq, pp, rr), gr = 1 / nDerivative(rr, pp, qq);
    const Vec evenP = gp * (w[0] + pp * w[2]), oddP = gp * p * w[1];
    const Vec evenQ = gq * (w[0] + w[2]), oddQ = gq * w[1];
    const Vec evenR = gr * (w[0] + rr * w[2]), oddR = gr * r * w[1];
    u[0] = w[0];
    u[1] = evenP + oddP;
    u[2] = evenP - oddP;
    u[3] = evenQ + oddQ;
    u[4] = evenQ - oddQ;
    u[5] = evenR + oddR;
    u[6] = evenR - oddR;
    u[7] = w[2];
  }
};

}  // namespace singan::SINGAN_ISA
