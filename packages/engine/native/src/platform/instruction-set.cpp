#include "instruction-set.h"

namespace singan {

namespace portable {
extern const KernelTable kKernels;
}
#if defined(__x86_64__)
namespace avx2 {
extern const KernelTable kKernels;
}
namespace avx512 {
extern const KernelTable kKernels;
}
#endif

std::vector<const KernelTable*> usableKernels() {
  std::vector<const KernelTable*> kernels;
#if defined(__x86_64__)
  // These ask the operating system too: it must save the registers.
  const bool hasAvx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool hasAvx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (hasAvx512 && hasAvx2) kernels.push_back(&avx512::kKernels);
  if (hasAvx2) kernels.push_back(&avx2::kKernels);
#endif
  kernels.push_back(&portable::kKernels);
  return kernels;
}

}  // namespace singan
