#pragma once

// Code that several instruction sets include must leave no function of its own behind: the linker would keep one copy for all,
// perhaps one with instructions the machine lacks.
#define SINGAN_INLINE inline __attribute__((always_inline))
