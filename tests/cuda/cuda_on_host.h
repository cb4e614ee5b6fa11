// What a kernel source without headers needs to compile as C++ and to run on the host, one thread after the other.
#include <cmath>
#include <cstring>

struct Dim3 {
    unsigned x, y, z;
};

extern "C" {
Dim3 gridDim, blockDim, blockIdx, threadIdx;
}

#define __device__
#define __global__

static inline unsigned long long __umul64hi(unsigned long long x, unsigned long long y) {
    return (unsigned long long)((unsigned __int128)x * y >> 64);
}

static inline unsigned __float_as_uint(float x) {
    unsigned bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}
