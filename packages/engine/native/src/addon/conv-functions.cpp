#include "conv-functions.h"

#include "../ops/conv-ops.h"
#include "requirements.h"

namespace singan {
namespace {

BlockPtr takeBlock(Arguments& arguments, const ImageShape& shape) {
  const BlockPtr block = arguments.tensor("y")->block();
  if (block && block->shape == shape) return block;
  throw std::invalid_argument("expected y to be the result of a ConvBlock of this shape");
}

}  // namespace

napi_value jsConv(Arguments& arguments) {
  const TensorPtr x = arguments.tensor("x");
  const ImageShape shape = takeShape(arguments, 3);
  const TensorPtr weights = arguments.tensor("weights");
  const int out = takeChannels(arguments);
  requireSize("x", x, shape.size());
  requireSize("weights", weights, size_t{9} * shape.channels * out);
  return arguments.tensorResult(conv(arguments.machine(), x, shape, weights, out));
}

napi_value jsConvInputGrad(Arguments& arguments) {
  const TensorPtr dConvolved = arguments.tensor("dConvolved");
  const ImageShape shape = takeShape(arguments, 1);
  const TensorPtr weights = arguments.tensor("weights");
  const int in = takeChannels(arguments);
  requireSize("dConvolved", dConvolved, shape.size());
  requireSize("weights", weights, size_t{9} * shape.channels * in);
  return arguments.tensorResult(convInputGrad(arguments.machine(), dConvolved, shape, weights, in));
}

napi_value jsConvFilterGrad(Arguments& arguments) {
  const TensorPtr x = arguments.tensor("x");
  const ImageShape shape = takeShape(arguments, 3);
  const TensorPtr dConvolved = arguments.tensor("dConvolved");
  const int out = takeChannels(arguments);
  requireSize("x", x, shape.size());
  requireSize("dConvolved", dConvolved, ImageShape{shape.height - 2, shape.width - 2, out}.size());
  return arguments.tensorResult(convFilterGrad(arguments.machine(), x, shape, dConvolved, out));
}

napi_value jsConvActivation(Arguments& arguments) {
  const TensorPtr x = arguments.tensor("x");
  const ImageShape shape = takeShape(arguments, 3);
  const TensorPtr weights = arguments.tensor("weights"), bias = arguments.tensor("bias");
  const float slope = takeSlope(arguments);
  requireSize("x", x, shape.size());
  requireSize("weights", weights, size_t{9} * shape.channels * bias->size());
  return arguments.tensorResult(convActivation(arguments.machine(), x, shape, weights, bias, slope));
}

napi_value jsConvActivationGrad(Arguments& arguments) {
  const TensorPtr dy = arguments.tensor("dy");
  const ImageShape shape = takeShape(arguments, 1);
  const TensorPtr y = arguments.tensor("y");
  const float slope = takeSlope(arguments);
  requireSize("dy", dy, shape.size());
  requireSize("y", y, shape.size());
  const ConvActivationGrad grad = convActivationGrad(arguments.machine(), dy, y, shape, slope);
  putOutputs(arguments, {grad.dConvolved, grad.dBias});
  return nullptr;
}

napi_value jsConvActivationGradGrad(Arguments& arguments) {
  const TensorPtr r = arguments.tensor("r");
  const ImageShape shape = takeShape(arguments, 1);
  const TensorPtr y = arguments.tensor("y");
  const float slope = takeSlope(arguments);
  requireSize("r", r, shape.size());
  requireSize("y", y, shape.size());
  return arguments.tensorResult(masked(arguments.machine(), r, y, shape, slope));
}

napi_value jsConvBlock(Arguments& arguments) {
  const TensorPtr x = arguments.tensor("x");
  const ImageShape shape = takeShape(arguments, 3);
  const TensorPtr weights = arguments.tensor("weights");
  const TensorPtr gamma = arguments.tensor("gamma"), beta = arguments.tensor("beta");
  const float slope = takeSlope(arguments), epsilon = static_cast<float>(arguments.number("epsilon"));
  requireSize("x", x, shape.size());
  requireSize("beta", beta, gamma->size());
  requireSize("weights", weights, size_t{9} * shape.channels * gamma->size());
  const BlockOutput block = convBlock(arguments.machine(), {x, shape, weights, gamma, beta, slope, epsilon});
  putOutputs(arguments, {block.y, block.mean, block.variance});
  return nullptr;
}

napi_value jsConvBlockGrad(Arguments& arguments) {
  const TensorPtr dy = arguments.tensor("dy");
  const ImageShape shape = takeShape(arguments, 1);
  const BlockPtr block = takeBlock(arguments, shape);
  requireSize("dy", dy, shape.size());
  const BlockGrad grad = convBlockGrad(arguments.machine(), dy, block);
  putOutputs(arguments, {grad.dConvolved, grad.dGamma, grad.dBeta});
  return nullptr;
}

napi_value jsConvBlockGradGrad(Arguments& arguments) {
  const TensorPtr r = arguments.tensor("r");
  const ImageShape shape = takeShape(arguments, 1);
  const TensorPtr dy = arguments.tensor("dy");
  const BlockPtr block = takeBlock(arguments, shape);
  requireSize("r", r, shape.size());
  requireSize("dy", dy, shape.size());
  const BlockGradGrad grad = convBlockGradGrad(arguments.machine(), r, dy, block);
  putOutputs(arguments, {grad.dDy, grad.dConvolved, grad.dGamma});
  return nullptr;
}

}  // namespace singan
