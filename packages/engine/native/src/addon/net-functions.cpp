#include "net-functions.h"

#include "../ops/step-ops.h"
#include "requirements.h"

namespace singan {
namespace {

constexpr size_t kBlockParameters = 3, kTailParameters = 2;

Net takeParameters(Arguments& arguments) {
  const Arguments::Integers parameters = arguments.integers("parameters");
  if (parameters.length % kBlockParameters != kTailParameters) {
    throw std::invalid_argument("expected three parameters for each block and two for the last layer");
  }
  const auto at = [&](size_t i) { return arguments.session().at(parameters.data[i]); };
  Net net{};
  for (size_t i = 0; i + kTailParameters < parameters.length; i += kBlockParameters) {
    net.blocks.push_back({at(i), at(i + 1), at(i + 2)});
  }
  net.tailWeights = at(parameters.length - 2);
  net.tailBias = at(parameters.length - 1);
  return net;
}

void takeStyle(Arguments& arguments, Net& net) {
  net.slope = takeSlope(arguments);
  net.epsilon = static_cast<float>(arguments.number("epsilon"));
}

void requireSizes(const Net& net, const ImageShape& xShape) {
  const int least = 2 * static_cast<int>(net.layers()) + 1;
  if (xShape.height < least || xShape.width < least) {
    throw std::invalid_argument("expected an image of at least " + std::to_string(least) + " pixels on each side");
  }
  size_t channels = xShape.channels;
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

void putGradients(Arguments& arguments, const StepGradients& step) {
  std::vector<TensorPtr> outputs;
  for (float term : step.terms) {
    DensePtr value = makeDense(arguments.machine(), 1);
    value->data()[0] = term;
    outputs.push_back(std::make_shared<Tensor>(arguments.machine(), std::move(value)));
  }
  outputs.insert(outputs.end(), step.statistics.begin(), step.statistics.end());
  outputs.insert(outputs.end(), step.parameters.begin(), step.parameters.end());
  putOutputs(arguments, outputs);
}

}  // namespace

napi_value jsNetForward(Arguments& arguments) {
  const TensorPtr x = arguments.tensor("x");
  const ImageShape xShape = takeShape(arguments, 1);
  Net net = takeParameters(arguments);
  takeStyle(arguments, net);
  requireSize("x", x, xShape.size());
  requireSizes(net, xShape);
  NetMemo& memo = arguments.session().netMemo();
  memo.forget();  // before, so that its images are free for this pass
  const NetOutput output = netForward(arguments.machine(), net, x, xShape);
  memo.keep(net, x, output);
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


napi_value jsDiscriminatorGradients(Arguments& arguments) {
  DiscriminatorInput input{};
  input.real = arguments.tensor("real");
  input.fake = arguments.tensor("fake");
  input.shape = takeShape(arguments, 1);
  input.discriminator = takeParameters(arguments);
  takeStyle(arguments, input.discriminator);
  input.mix = static_cast<float>(arguments.number("mix"));
  input.gradientPenaltyWeight = static_cast<float>(arguments.number("gradientPenaltyWeight"));
  requireSize("real", input.real, input.shape.size());
  requireSize("fake", input.fake, input.shape.size());
  requireSizes(input.discriminator, input.shape);
  putGradients(arguments, discriminatorGradients(arguments.machine(), input));
  return nullptr;
}

napi_value jsGeneratorGradients(Arguments& arguments) {
  GeneratorInput input{};
  input.real = arguments.tensor("real");
  input.fake.padded = arguments.tensor("padded");
  input.fake.previous = arguments.tensor("previous");
  input.reconstruction.padded = arguments.tensor("reconstruction padded");
  input.reconstruction.previous = arguments.tensor("reconstruction previous");
  input.shape = takeShape(arguments, 1);
  input.generator = takeParameters(arguments);
  input.discriminator = takeParameters(arguments);
  takeStyle(arguments, input.generator);
  input.discriminator.slope = input.generator.slope;
  input.discriminator.epsilon = input.generator.epsilon;
  input.reconstructionWeight = static_cast<float>(arguments.number("reconstructionWeight"));
  requireSize("real", input.real, input.shape.size());
  for (const auto& [padded, previous] : {input.fake, input.reconstruction}) {
    requireSize("padded", padded, input.paddedShape().size());
    requireSize("previous", previous, input.shape.size());
  }
  requireSizes(input.generator, input.paddedShape());
  requireSize("bias", input.generator.tailBias, input.shape.channels);
  requireSizes(input.discriminator, input.shape);
  input.fakeOutput = arguments.session().netMemo().take(input.generator, input.fake.padded);
  putGradients(arguments, generatorGradients(arguments.machine(), input));
  return nullptr;
}

}  // namespace singan
