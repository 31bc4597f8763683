// tests [instruction set]: checks the kernels of that instruction set, or of all this processor has.
#include <cstdio>

#include "../src/platform/instruction-set.h"
#include "check.h"

int main(int argumentCount, char** arguments) {
  using namespace singan;
  test::Checker checker;
  test::testThreadPool(checker);
  bool isFound = false;
  for (const KernelTable* kernels : usableKernels()) {
    if (argumentCount > 1 && std::string(arguments[1]) != kernels->name) continue;
    isFound = true;
    ThreadPool pool(3);
    test::testConvolutions(*kernels, pool, checker);
    test::testSources(*kernels, pool, checker);
    test::testElementwise(*kernels, pool, checker);
    test::testBlocks(*kernels, checker);
    test::testArrays(*kernels, checker);
  }
  checker.isTrue("the instruction set is one of this processor", isFound);
  std::printf("%d checks, %d failed\n", checker.checks(), checker.failures());
  return checker.failures() == 0 ? 0 : 1;
}
