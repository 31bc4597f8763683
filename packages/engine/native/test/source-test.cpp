// Every kind of source against its formula, read by each kind of convolution and by the passes; and the sums of every
// kind of epilogue.
#include "check.h"
#include "reference.h"

namespace singan::test {
namespace {

constexpr double kTolerance = 1e-4;

struct ChannelConstants {
  AlignedMemory rows[8];
  explicit ChannelConstants(int channels, Random& random) {
    for (AlignedMemory& row : rows) {
      std::vector<float> values = random.floats(channels);
      values.resize(paddedChannels(channels));
      row = exactCopy(values);
    }
  }
  const float* operator[](int i) const { return rows[i].data(); }
};

struct Images {
  AlignedMemory first, c, third, fourth;
  Images(size_t size, Random& random)
      : first(exactCopy(random.floats(size))),
        c(exactCopy(random.floats(size))),
        third(exactCopy(random.floats(size))),
        fourth(exactCopy(random.floats(size))) {}
};

Source sourceOf(SourceKind kind, const ConvCase& shape, const Images& images, const ChannelConstants& k) {
  Source s{};
  s.kind = kind;
  s.height = shape.height;
  s.width = shape.width;
  s.channels = shape.in;
  s.first = images.first.data();
  s.c = images.c.data();
  s.third = images.third.data();
  s.fourth = images.fourth.data();
  s.scale = k[0];
  s.shift = k[1];
  s.a = k[2];
  s.b = k[3];
  s.d = k[4];
  s.e = k[5];
  s.f = k[6];
  s.slope = 0.2f;
  return s;
}

double masked(bool isPositive, double value) { return isPositive ? value : 0.2 * value; }

double expectedValue(const Source& s, size_t i) {
  const int k = static_cast<int>(i % s.channels);
  const double first = s.first[i], c = s.c[i];
  // In single precision, as the kernels: near zero the sign could differ.
  const bool isPositive = __builtin_fmaf(s.scale[k], s.c[i], s.shift[k]) > 0;
  switch (s.kind) {
    case SourceKind::kPlain: return first;
    case SourceKind::kActivated: {
      const double z = static_cast<double>(s.scale[k]) * first + s.shift[k];
      return masked(z > 0, z);
    }
    case SourceKind::kNormGradient: return s.a[k] * masked(isPositive, first) + s.b[k] * c + s.d[k];
    case SourceKind::kMaskedProjection: return masked(isPositive, s.a[k] * first + s.b[k] * c + s.d[k]);
    case SourceKind::kSecondGradient:
      return s.a[k] * first + s.e[k] * masked(isPositive, s.third[i]) + s.b[k] * c + s.d[k];
    case SourceKind::kSumOfGradients:
      return s.a[k] * first + masked(isPositive, s.e[k] * s.third[i] + s.f[k] * s.fourth[i]) + s.b[k] * c + s.d[k];
    case SourceKind::kMaskedGradient: return masked(c > 0, first);
  }
  return 0;
}

std::vector<double> expectedImage(const Source& source) {
  std::vector<double> values(static_cast<size_t>(source.height) * source.width * source.channels);
  for (size_t i = 0; i < values.size(); i++) values[i] = expectedValue(source, i);
  return values;
}

void testSource(const KernelTable& kernels, ThreadPool& pool, Checker& checker, const Source& source, int out,
                Random& random) {
  const ConvCase c = {source.height, source.width, source.channels, out};
  const std::string name = std::string(kernels.name) + " source " + std::to_string(static_cast<int>(source.kind)) + " " +
                           std::to_string(c.in) + "->" + std::to_string(out);
  const std::vector<double> image = expectedImage(source);
  const AlignedMemory values = filledWithNan(image.size());
  kernels.evaluate(pool, &source, 1, values.data());
  checker.close(name + " evaluated", values.data(), image, kTolerance);
  const std::vector<float> w = random.floats(c.weightSize());
  const AlignedMemory weights = filledWithNan(kernels.preparedWeightFloats(c.in, out, tilingOf(EpilogueKind::kStore)));
  kernels.prepareWeights(pool, w.data(), c.in, out, tilingOf(EpilogueKind::kStore), weights.data());
  const AlignedMemory y = filledWithNan(c.outputSize());
  kernels.convolve(pool, source, weights.data(), out, 0, Epilogue{}, y.data());
  checker.close(name + " convolved", y.data(), convolved(c, image, w), kTolerance);
  const std::vector<float> gradient = random.floats(c.outputSize());
  const AlignedMemory dy = exactCopy(gradient), dw = filledWithNan(c.weightSize());
  Source by{};
  by.kind = SourceKind::kPlain;
  by.height = c.outHeight();
  by.width = c.outWidth();
  by.channels = out;
  by.first = dy.data();
  const GradientPair pair = {&source, &by};
  kernels.weightGradient(pool, &pair, 1, dw.data());
  checker.close(name + " weight gradient", dw.data(), weightGradientOf(c, image, gradient), kTolerance);
}

// Sums made by a pass and by a convolution's epilogue, against the definition.
void testEpilogue(const KernelTable& kernels, ThreadPool& pool, Checker& checker, EpilogueKind kind, int in, int out,
                  Random& random) {
  const ConvCase c = {14, 19, in, out};
  const std::string name = std::string(kernels.name) + " epilogue " + std::to_string(static_cast<int>(kind)) + " " +
                           std::to_string(in) + "->" + std::to_string(out);
  const std::vector<float> x = random.floats(c.inputSize()), w = random.floats(c.weightSize());
  const Images images(c.outputSize(), random);
  const ChannelConstants k(out, random);
  const int padded = paddedChannels(out);
  std::vector<double> sums(static_cast<size_t>(kMaxSums) * padded);
  Epilogue e{kind, images.c.data(), images.first.data(), k[0], k[1], k[2], k[3], 0.2f, sums.data()};
  const AlignedMemory image = exactCopy(x), y = filledWithNan(c.outputSize());
  const AlignedMemory weights = filledWithNan(kernels.preparedWeightFloats(in, out, tilingOf(kind)));
  kernels.prepareWeights(pool, w.data(), in, out, tilingOf(kind), weights.data());
  Source source{};
  source.kind = SourceKind::kPlain;
  source.height = c.height;
  source.width = c.width;
  source.channels = in;
  source.first = image.data();
  kernels.convolve(pool, source, weights.data(), out, 0, e, y.data());

  const std::vector<double> o = convolved(c, x, w);
  std::vector<double> stored = o, expected(3 * static_cast<size_t>(out));
  for (size_t i = 0; i < o.size(); i++) {
    const int channel = static_cast<int>(i % out);
    const double n = static_cast<double>(k[2][channel]) * images.c.data()[i] - k[3][channel];
    const bool isPositive = __builtin_fmaf(k[0][channel], images.c.data()[i], k[1][channel]) > 0;
    if (kind == EpilogueKind::kBiasActivation) stored[i] = masked(o[i] + k[1][channel] > 0, o[i] + k[1][channel]);
    const double dz = masked(isPositive, kind == EpilogueKind::kFirstOrder ? o[i] : images.first.data()[i]);
    const bool isFirst = kind == EpilogueKind::kFirstOrder;
    expected[channel] += isFirst ? dz : o[i];
    expected[out + channel] += kind == EpilogueKind::kMoments ? o[i] * o[i] : (isFirst ? dz : o[i]) * n;
    expected[2 * static_cast<size_t>(out) + channel] += o[i] * dz;
  }
  checker.close(name + " result", y.data(), stored, kTolerance);
  const bool hasSums = kind != EpilogueKind::kStore && kind != EpilogueKind::kBiasActivation;
  const int count = !hasSums ? 0 : kind == EpilogueKind::kSecondOrder ? 3 : 2;
  for (int i = 0; i < count; i++) {
    std::vector<float> measured(out);
    for (int channel = 0; channel < out; channel++) measured[channel] = static_cast<float>(sums[i * padded + channel]);
    const std::vector<double> part(expected.begin() + i * out, expected.begin() + (i + 1) * out);
    checker.close(name + " sum " + std::to_string(i), measured.data(), part, kTolerance);
  }
}

}  // namespace

void testSources(const KernelTable& kernels, ThreadPool& pool, Checker& checker) {
  Random random(2);
  for (int kind = 0; kind <= static_cast<int>(SourceKind::kMaskedGradient); kind++) {
    for (const ConvCase& c : {ConvCase{15, 41, 32, 32}, ConvCase{9, 12, 20, 9}, ConvCase{11, 9, 32, 3},
                              ConvCase{10, 13, 3, 16}, ConvCase{8, 9, 2, 6}}) {
      const Images images(c.inputSize(), random);
      const ChannelConstants constants(c.in, random);
      testSource(kernels, pool, checker, sourceOf(static_cast<SourceKind>(kind), c, images, constants), c.out, random);
    }
  }
  for (int kind = 0; kind <= static_cast<int>(EpilogueKind::kSecondOrder); kind++) {
    for (const auto& [in, out] : {std::pair{32, 32}, {16, 40}, {3, 24}, {24, 3}, {1, 7}}) {
      testEpilogue(kernels, pool, checker, static_cast<EpilogueKind>(kind), in, out, random);
    }
  }
}

}  // namespace singan::test
