#pragma once
#include "../platform/thread-pool.h"
#include "elementwise-types.h"

namespace singan::SINGAN_ISA {

// result[i] = op(a[i], b[i]); kTanhGradient: a (1 - b^2), the gradient a of tanh with b its result.
void binary(ThreadPool& pool, BinaryOp op, Operand a, Operand b, float* result, long size);
void unary(ThreadPool& pool, const UnaryCall& call, const float* x, float* result, long size);
void adamUpdate(ThreadPool& pool, const AdamConstants& constants, const AdamArrays& arrays, long size);

}  // namespace singan::SINGAN_ISA
