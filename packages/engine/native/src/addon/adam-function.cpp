#include <vector>

#include "array-functions.h"

namespace singan {
namespace {

AdamConstants takeConstants(Arguments& arguments) {
  AdamConstants constants;
  constants.rate = static_cast<float>(arguments.number("rate"));
  constants.beta1 = static_cast<float>(arguments.number("beta1"));
  constants.beta2 = static_cast<float>(arguments.number("beta2"));
  constants.epsilon = static_cast<float>(arguments.number("epsilon"));
  constants.correction = static_cast<float>(arguments.number("correction"));
  return constants;
}

}  // namespace

napi_value jsAdamUpdate(Arguments& arguments) {
  Machine& machine = arguments.machine();
  const AdamConstants constants = takeConstants(arguments);
  const Arguments::Integers inputs = arguments.integers("inputs"), outputs = arguments.integers("outputs");
  const size_t count = inputs.length / 4;
  if (inputs.length != count * 4 || outputs.length < count * 3) throw std::invalid_argument("expected 4n inputs, 3n outputs");
  std::vector<TensorPtr> tensors;
  for (size_t i = 0; i < inputs.length; i++) tensors.push_back(arguments.session().at(inputs.data[i]));
  std::vector<DensePtr> results(count * 3);
  for (size_t i = 0; i < count; i++) {
    const size_t size = tensors[i]->size();
    const float* values[4];
    for (size_t part = 0; part < 4; part++) {
      const TensorPtr& tensor = tensors[part * count + i];
      if (tensor->size() != size) throw std::invalid_argument("a variable, its gradient and moments differ in size");
      values[part] = tensor->dense()->data();
    }
    for (size_t part = 0; part < 3; part++) results[part * count + i] = makeDense(machine, size);
    const AdamArrays arrays = {values[0], values[1], values[2], values[3], results[i]->data(),
                               results[count + i]->data(), results[2 * count + i]->data()};
    machine.kernels.adamUpdate(machine.threads, constants, arrays, static_cast<long>(size));
  }
  for (size_t i = 0; i < results.size(); i++) {
    outputs.data[i] = arguments.session().add(std::make_shared<Tensor>(machine, std::move(results[i])));
  }
  return nullptr;
}

}  // namespace singan
