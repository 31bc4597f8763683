#include "profile.h"

#include <chrono>
#include <cstdio>
#include <map>

namespace singan {
namespace {

struct Entry {
  long calls = 0;
  double seconds = 0, gigaFlops = 0;
};

KernelTable timed;
std::map<std::string, Entry> entries;

class Clock {
 public:
  explicit Clock(std::string name, double flops = 0) : entry_(entries[name]), start_(Now::now()) {
    entry_.calls++;
    entry_.gigaFlops += flops * 1e-9;
  }
  ~Clock() { entry_.seconds += std::chrono::duration<double>(Now::now() - start_).count(); }

 private:
  using Now = std::chrono::steady_clock;
  Entry& entry_;
  Now::time_point start_;
};

constexpr int kNarrow = 4;

// Of a net: from the image, between, to the image or the score.
std::string layerOf(int in, int out) { return out <= kNarrow ? "tail" : in <= kNarrow ? "head" : "middle"; }

double flopsOf(double pixels, int in, int out) { return 18 * pixels * in * out; }

void prepareWeights(ThreadPool& pool, const float* weights, int in, int out, ConvTiling tiling, float* prepared) {
  Clock clock("weights transformed");
  timed.prepareWeights(pool, weights, in, out, tiling, prepared);
}

void turnWeights(const float* weights, int in, int out, float* turned) {
  Clock clock("weights transformed");
  timed.turnWeights(weights, in, out, turned);
}

void convolve(ThreadPool& pool, const Source& source, const float* prepared, int out, int pad, const Epilogue& epilogue,
              float* result) {
  const int height = source.height + 2 * pad - 2, width = source.width + 2 * pad - 2, in = source.channels;
  // A gradient by the input counts what the forward pass does.
  const double pixels = pad ? double(source.height) * source.width : double(height) * width;
  Clock clock(pad ? layerOf(out, in) + " input gradient" : layerOf(in, out) + " forward", flopsOf(pixels, in, out));
  timed.convolve(pool, source, prepared, out, pad, epilogue, result);
}

void weightGradient(ThreadPool& pool, const GradientPair* pairs, int count, float* gradient) {
  const int in = pairs[0].x->channels, out = pairs[0].dy->channels;
  double pixels = 0;
  for (int i = 0; i < count; i++) pixels += double(pairs[i].dy->height) * pairs[i].dy->width;
  Clock clock(layerOf(in, out) + " filter gradient", flopsOf(pixels, in, out));
  timed.weightGradient(pool, pairs, count, gradient);
}

void evaluate(ThreadPool& pool, const Source* sources, int count, float* result) {
  Clock clock("images that no convolution reads");
  timed.evaluate(pool, sources, count, result);
}

void reduce(ThreadPool& pool, const Source& source, const Epilogue& epilogue) {
  Clock clock("sums over pixels");
  timed.reduce(pool, source, epilogue);
}

void binary(ThreadPool& pool, BinaryOp op, Operand a, Operand b, float* result, long size) {
  Clock clock("element by element");
  timed.binary(pool, op, a, b, result, size);
}

void unary(ThreadPool& pool, const UnaryCall& call, const float* x, float* result, long size) {
  Clock clock("element by element");
  timed.unary(pool, call, x, result, size);
}

void adamUpdate(ThreadPool& pool, const AdamConstants& constants, const AdamArrays& arrays, long size) {
  Clock clock("adam");
  timed.adamUpdate(pool, constants, arrays, size);
}

}  // namespace

KernelTable profiledKernels(const KernelTable& kernels) {
  if (kernels.convolve == convolve) return kernels;
  timed = kernels;
  return {kernels.name, kernels.preparedWeightFloats, prepareWeights, turnWeights, convolve, weightGradient, evaluate,
          reduce,       binary,                       unary,          adamUpdate};
}

std::string takeProfile() {
  std::string json = "[";
  for (const auto& [name, entry] : entries) {
    char text[256];
    std::snprintf(text, sizeof text, "%s{\"kernel\":\"%s\",\"calls\":%ld,\"seconds\":%.9f,\"gigaFlops\":%.9f}",
                  json.size() > 1 ? "," : "", name.c_str(), entry.calls, entry.seconds, entry.gigaFlops);
    json += text;
  }
  entries.clear();
  return json + "]";
}

}  // namespace singan
