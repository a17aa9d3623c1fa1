#pragma once

// Kernels are plain loops that the compiler vectorises; each is compiled for three levels of x86-64
// and the loader picks one by CPU. The arithmetic of each loop is the same in all of them but for
// fused multiply-adds, so results are bit-identical on one kind of machine.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define TUTTI_SIMD __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TUTTI_SIMD
#endif
