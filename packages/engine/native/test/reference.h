#pragma once
// The convolutions as plain loops in double precision.
#include <vector>

namespace singan::test {

struct ConvCase {
  int height, width, in, out;  // of the input
  int outHeight() const { return height - 2; }
  int outWidth() const { return width - 2; }
  size_t inputSize() const { return static_cast<size_t>(height) * width * in; }
  size_t outputSize() const { return static_cast<size_t>(outHeight()) * outWidth() * out; }
  size_t weightSize() const { return size_t{9} * in * out; }
};

template <class X, class W>
std::vector<double> convolved(const ConvCase& c, const X& x, const W& w) {
  std::vector<double> y(c.outputSize());
  for (int row = 0; row < c.outHeight(); row++)
    for (int column = 0; column < c.outWidth(); column++)
      for (int tap = 0; tap < 9; tap++)
        for (int i = 0; i < c.in; i++) {
          const double value = x[(static_cast<size_t>(row + tap / 3) * c.width + column + tap % 3) * c.in + i];
          const size_t to = (static_cast<size_t>(row) * c.outWidth() + column) * c.out;
          for (int o = 0; o < c.out; o++) y[to + o] += value * w[(static_cast<size_t>(tap) * c.in + i) * c.out + o];
        }
  return y;
}

template <class G, class W>
std::vector<double> inputGradient(const ConvCase& c, const G& dy, const W& w) {
  std::vector<double> dx(c.inputSize());
  for (int row = 0; row < c.outHeight(); row++)
    for (int column = 0; column < c.outWidth(); column++)
      for (int tap = 0; tap < 9; tap++)
        for (int i = 0; i < c.in; i++) {
          const size_t from = (static_cast<size_t>(row) * c.outWidth() + column) * c.out;
          double sum = 0;
          for (int o = 0; o < c.out; o++) {
            sum += static_cast<double>(dy[from + o]) * w[(static_cast<size_t>(tap) * c.in + i) * c.out + o];
          }
          dx[(static_cast<size_t>(row + tap / 3) * c.width + column + tap % 3) * c.in + i] += sum;
        }
  return dx;
}

template <class X, class G>
std::vector<double> weightGradientOf(const ConvCase& c, const X& x, const G& dy) {
  std::vector<double> dw(c.weightSize());
  for (int row = 0; row < c.outHeight(); row++)
    for (int column = 0; column < c.outWidth(); column++)
      for (int tap = 0; tap < 9; tap++)
        for (int i = 0; i < c.in; i++) {
          const double value = x[(static_cast<size_t>(row + tap / 3) * c.width + column + tap % 3) * c.in + i];
          const size_t from = (static_cast<size_t>(row) * c.outWidth() + column) * c.out;
          for (int o = 0; o < c.out; o++) dw[(static_cast<size_t>(tap) * c.in + i) * c.out + o] += value * dy[from + o];
        }
  return dw;
}

}  // namespace singan::test
