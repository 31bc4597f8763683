#include "requirements.h"

namespace singan {
namespace {

constexpr int kMaxChannels = 4096;

}  // namespace

void requireSize(const char* name, const TensorPtr& tensor, size_t size) {
  if (tensor->size() == size) return;
  throw std::invalid_argument(std::string("expected ") + name + " of " + std::to_string(size) + " values, got " +
                              std::to_string(tensor->size()));
}

ImageShape takeShape(Arguments& arguments, int least) {
  const int height = arguments.integer("height", least, Arguments::kMaxLength);
  const int width = arguments.integer("width", least, Arguments::kMaxLength);
  return {height, width, arguments.integer("channels", 1, kMaxChannels)};
}

int takeChannels(Arguments& arguments) { return arguments.integer("channels", 1, kMaxChannels); }

float takeSlope(Arguments& arguments) {
  const double slope = arguments.number("slope");
  if (!(slope >= 0 && slope <= 1)) throw std::invalid_argument("expected a slope in 0..1");
  return static_cast<float>(slope);
}

void putOutputs(Arguments& arguments, const std::vector<TensorPtr>& tensors) {
  const Arguments::Integers outputs = arguments.integers("outputs");
  if (outputs.length < tensors.size()) throw std::invalid_argument("outputs is too short");
  int32_t* to = outputs.data;
  for (const TensorPtr& tensor : tensors) *to++ = arguments.session().add(tensor);
}

}  // namespace singan
