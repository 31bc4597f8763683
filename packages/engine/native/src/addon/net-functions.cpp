#include "net-functions.h"

#include "../ops/net-ops.h"
#include "requirements.h"

namespace singan {
namespace {

constexpr size_t kBlockParameters = 3, kTailParameters = 2;

NetInput takeNet(Arguments& arguments) {
  NetInput net{};
  net.x = arguments.tensor("x");
  net.xShape = takeShape(arguments, 1);
  const Arguments::Integers parameters = arguments.integers("parameters");
  net.slope = takeSlope(arguments);
  net.epsilon = static_cast<float>(arguments.number("epsilon"));
  if (parameters.length % kBlockParameters != kTailParameters) {
    throw std::invalid_argument("expected three parameters for each block and two for the last layer");
  }
  const auto at = [&](size_t i) { return arguments.session().at(parameters.data[i]); };
  for (size_t i = 0; i + kTailParameters < parameters.length; i += kBlockParameters) {
    net.blocks.push_back({at(i), at(i + 1), at(i + 2)});
  }
  net.tailWeights = at(parameters.length - 2);
  net.tailBias = at(parameters.length - 1);
  return net;
}

void requireSizes(const NetInput& net) {
  requireSize("x", net.x, net.xShape.size());
  const int least = 2 * static_cast<int>(net.blocks.size() + 1) + 1;
  if (net.xShape.height < least || net.xShape.width < least) {
    throw std::invalid_argument("expected an image of at least " + std::to_string(least) + " pixels on each side");
  }
  size_t channels = net.xShape.channels;
  for (const auto& [weights, gamma, beta] : net.blocks) {
    requireSize("weights", weights, 9 * channels * gamma->size());
    requireSize("beta", beta, gamma->size());
    channels = gamma->size();
  }
  requireSize("weights", net.tailWeights, 9 * channels * net.tailBias->size());
}

template <class Kind>
std::shared_ptr<const Kind> takeAttachment(Arguments& arguments, const char* name) {
  const auto found = arguments.tensor(name)->attachment<Kind>();
  if (!found) throw std::invalid_argument(std::string("expected ") + name + " to come from a net's own kernel");
  return found;
}

TensorPtr tensorOf(Arguments& arguments, std::shared_ptr<const Attachment> attachment) {
  return std::make_shared<Tensor>(arguments.machine(), std::move(attachment));
}

}  // namespace

napi_value jsNetForward(Arguments& arguments) {
  const NetInput net = takeNet(arguments);
  requireSizes(net);
  const NetOutput output = netForward(arguments.machine(), net);
  putOutputs(arguments, {output.y, output.statistics, tensorOf(arguments, output.pass)});
  return nullptr;
}

napi_value jsNetGrad(Arguments& arguments) {
  const TensorPtr dy = arguments.tensor("dy");
  const NetPassPtr pass = takeAttachment<NetPass>(arguments, "pass");
  requireSize("dy", dy, pass->layers.back().shape().size());
  const NetGrad grad = netGrad(arguments.machine(), dy, pass);
  putOutputs(arguments, {grad.dx, tensorOf(arguments, grad.gradient)});
  return nullptr;
}

napi_value jsNetGradGrad(Arguments& arguments) {
  const TensorPtr u = arguments.tensor("u");
  const NetGradientPtr first = takeAttachment<NetGradient>(arguments, "gradient");
  requireSize("u", u, first->pass->layers[0].xShape.size());
  const NetGradGrad grad = netGradGrad(arguments.machine(), u, first);
  putOutputs(arguments, {grad.dDy, grad.dx, tensorOf(arguments, grad.gradient)});
  return nullptr;
}

napi_value jsNetFilterGrads(Arguments& arguments) {
  const NetGradientPtr gradient = takeAttachment<NetGradient>(arguments, "gradient");
  putOutputs(arguments, netFilterGrads(arguments.machine(), *gradient));
  return nullptr;
}

}  // namespace singan
