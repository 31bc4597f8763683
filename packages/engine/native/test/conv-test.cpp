// Convolution, its two gradients and the sums of an epilogue, for every way of computing them and odd sizes.
#include <cstring>

#include "check.h"
#include "reference.h"

namespace singan::test {
namespace {

// Measured: 6e-6 for 4x4 tiles and direct sums, 2e-5 for 6x4 tiles, 3e-5 for weight gradients.
constexpr double kFineTolerance = 2e-5, kTolerance = 5e-5, kWeightsTolerance = 1e-4;

Source plain(const AlignedMemory& image, int height, int width, int channels) {
  Source source{};
  source.kind = SourceKind::kPlain;
  source.height = height;
  source.width = width;
  source.channels = channels;
  source.first = image.data();
  return source;
}

std::string nameOf(const KernelTable& kernels, const ConvCase& c, const char* what) {
  return std::string(kernels.name) + " " + what + " " + std::to_string(c.height) + "x" + std::to_string(c.width) + " " +
         std::to_string(c.in) + "->" + std::to_string(c.out);
}

struct Fixture {
  const KernelTable& kernels;
  ThreadPool& pool;
  Checker& checker;
  const ConvCase c;
  const std::vector<float> x, w, dy;

  AlignedMemory prepared(const std::vector<float>& weights, int in, int out, EpilogueKind kind) const {
    AlignedMemory memory = filledWithNan(kernels.preparedWeightFloats(in, out, tilingOf(kind)));
    kernels.prepareWeights(pool, weights.data(), in, out, tilingOf(kind), memory.data());
    return memory;
  }

  void testForward() const {
    Epilogue epilogue{};
    epilogue.kind = EpilogueKind::kMoments;
    const AlignedMemory image = exactCopy(x), weights = prepared(w, c.in, c.out, epilogue.kind);
    const AlignedMemory y = filledWithNan(c.outputSize());
    const int padded = paddedChannels(c.out);
    std::vector<double> sums(static_cast<size_t>(kMaxSums) * padded);
    epilogue.sums = sums.data();
    kernels.convolve(pool, plain(image, c.height, c.width, c.in), weights.data(), c.out, 0, epilogue, y.data());
    const std::vector<double> expected = convolved(c, x, w);
    checker.close(nameOf(kernels, c, "conv"), y.data(), expected, kTolerance);
    std::vector<double> squares(c.out);
    std::vector<float> measured(c.out);
    for (size_t i = 0; i < expected.size(); i++) squares[i % c.out] += expected[i] * expected[i];
    for (int k = 0; k < c.out; k++) measured[k] = static_cast<float>(sums[padded + k]);
    checker.close(nameOf(kernels, c, "sum of squares"), measured.data(), squares, kTolerance);
  }

  // Without normalisation, and with no activation: slope 1.
  void testLinearForward() const {
    const std::vector<float> shift(paddedChannels(c.out));
    Epilogue epilogue{};
    epilogue.kind = EpilogueKind::kBiasActivation;
    epilogue.shift = shift.data();
    epilogue.slope = 1;
    const AlignedMemory image = exactCopy(x), weights = prepared(w, c.in, c.out, epilogue.kind);
    const AlignedMemory y = filledWithNan(c.outputSize());
    kernels.convolve(pool, plain(image, c.height, c.width, c.in), weights.data(), c.out, 0, epilogue, y.data());
    checker.close(nameOf(kernels, c, "linear conv"), y.data(), convolved(c, x, w), kFineTolerance);
  }

  void testInputGradient() const {
    std::vector<float> turned(w.size());
    kernels.turnWeights(w.data(), c.in, c.out, turned.data());
    const Epilogue epilogue{};
    const AlignedMemory image = exactCopy(dy), weights = prepared(turned, c.out, c.in, epilogue.kind);
    const AlignedMemory dx = filledWithNan(c.inputSize());
    kernels.convolve(pool, plain(image, c.outHeight(), c.outWidth(), c.out), weights.data(), c.in, 2, epilogue, dx.data());
    checker.close(nameOf(kernels, c, "input gradient"), dx.data(), inputGradient(c, dy, w), kTolerance);
  }

  // Of one pair, and of two, which must be twice as much.
  void testWeightGradient() const {
    const AlignedMemory image = exactCopy(x), gradient = exactCopy(dy), dw = filledWithNan(c.weightSize());
    const Source from = plain(image, c.height, c.width, c.in), by = plain(gradient, c.outHeight(), c.outWidth(), c.out);
    const GradientPair pairs[] = {{&from, &by}, {&from, &by}};
    std::vector<double> expected = weightGradientOf(c, x, dy);
    kernels.weightGradient(pool, pairs, 1, dw.data());
    checker.close(nameOf(kernels, c, "weight gradient"), dw.data(), expected, kWeightsTolerance);
    const std::vector<float> once(dw.data(), dw.data() + dw.floats());
    kernels.weightGradient(pool, pairs, 1, dw.data());
    checker.isTrue(nameOf(kernels, c, "weight gradient repeats its bytes"),
                   std::memcmp(once.data(), dw.data(), once.size() * sizeof(float)) == 0);
    kernels.weightGradient(pool, pairs, 2, dw.data());
    for (double& value : expected) value *= 2;
    checker.close(nameOf(kernels, c, "weight gradient of two"), dw.data(), expected, kWeightsTolerance);
  }
};

// The same weights seen by images of two sizes, the first with fewer tiles than there are threads.
void testMixedSizes(const KernelTable& kernels, ThreadPool& pool, Checker& checker, int in, int out, Random& random) {
  const ConvCase small = {5, 6, in, out}, large = {40, 37, in, out};
  std::vector<float> x[2], dy[2];
  std::vector<AlignedMemory> memory;
  std::vector<Source> sources;
  std::vector<double> expected(small.weightSize());
  for (int i = 0; i < 2; i++) {
    const ConvCase& c = i == 0 ? small : large;
    x[i] = random.floats(c.inputSize());
    dy[i] = random.floats(c.outputSize());
    memory.push_back(exactCopy(x[i]));
    sources.push_back(plain(memory.back(), c.height, c.width, in));
    memory.push_back(exactCopy(dy[i]));
    sources.push_back(plain(memory.back(), c.outHeight(), c.outWidth(), out));
    const std::vector<double> part = weightGradientOf(c, x[i], dy[i]);
    for (size_t k = 0; k < part.size(); k++) expected[k] += part[k];
  }
  const GradientPair pairs[] = {{&sources[0], &sources[1]}, {&sources[2], &sources[3]}};
  const AlignedMemory dw = filledWithNan(small.weightSize());
  kernels.weightGradient(pool, pairs, 2, dw.data());
  checker.close(nameOf(kernels, large, "weight gradient of two sizes"), dw.data(), expected, kWeightsTolerance);
}

}  // namespace

void testConvolutions(const KernelTable& kernels, ThreadPool& pool, Checker& checker) {
  Random random(1);
  std::vector<ConvCase> cases = {{3, 3, 64, 64},    {25, 33, 32, 32}, {17, 23, 128, 128}, {11, 30, 64, 64},
                                 {13, 19, 16, 16},  {9, 14, 48, 48},  {20, 15, 3, 32},    {20, 15, 32, 3},
                                 {20, 15, 64, 1},   {21, 12, 1, 8},   {40, 3, 8, 8},      {3, 40, 33, 10},
                                 {7, 200, 32, 32},  {12, 12, 2, 5},   {9, 9, 5, 2},       {6, 8, 3, 3},
                                 {31, 33, 100, 36}, {5, 6, 4, 4}};
  const int channels[] = {1, 3, 4, 7, 8, 16, 24, 32, 40, 64};
  for (int i = 0; i < 12; i++) {
    cases.push_back({random.integer(3, 26), random.integer(3, 26), channels[random.integer(0, 9)],
                     channels[random.integer(0, 9)]});
  }
  for (const ConvCase& c : cases) {
    const Fixture fixture = {kernels, pool, checker, c, random.floats(c.inputSize()), random.floats(c.weightSize()),
                             random.floats(c.outputSize())};
    fixture.testForward();
    fixture.testLinearForward();
    fixture.testInputGradient();
    fixture.testWeightGradient();
  }
  testMixedSizes(kernels, pool, checker, 16, 24, random);
  testMixedSizes(kernels, pool, checker, 3, 8, random);
}

}  // namespace singan::test
