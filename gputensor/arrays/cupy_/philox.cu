// Random numbers made of the words of Philox 4x64-10, bit for bit as arrays/random_layout.py says.
//
// Thread after thread takes one counter, that is four words, in a grid-stride loop; indices have 64 bits. The file
// needs no header, so that it compiles in an instant, and a test compiles it as C++ for the host, too.
// Compile with -fmad=false: the host rounds products before it adds.

typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

struct Words {
    u64 word[4];
};

__device__ inline Words philox(u64 counter, u64 key0, u64 key1) {
    u64 c0 = counter, c1 = 0, c2 = 0, c3 = 0;
    for (int round = 0; round < 10; ++round) {
        const u64 high0 = __umul64hi(0xD2E7470EE14C6C93ull, c0), low0 = 0xD2E7470EE14C6C93ull * c0;
        const u64 high1 = __umul64hi(0xCA5A826395121157ull, c2), low1 = 0xCA5A826395121157ull * c2;
        c0 = high1 ^ c1 ^ key0;
        c1 = low1;
        c2 = high0 ^ c3 ^ key1;
        c3 = low0;
        key0 += 0x9E3779B97F4A7C15ull;
        key1 += 0xBB67AE8584CAA73Bull;
    }
    return Words{{c0, c1, c2, c3}};
}

__device__ inline u64 thread_index() { return (u64)blockIdx.x * blockDim.x + threadIdx.x; }
__device__ inline u64 thread_count() { return (u64)gridDim.x * blockDim.x; }

// Calls use(i, w) for the words w number offset + i of the stream, 0 <= i < words.
template <typename Use>
__device__ inline void for_each_word(u64 key0, u64 key1, u64 offset, u64 words, Use use) {
    if (words == 0) return;
    const u64 last = (offset + words - 1) / 4;
    for (u64 block = offset / 4 + thread_index(); block <= last; block += thread_count()) {
        const Words made = philox(block + 1, key0, key1);  // NumPy counts up before it computes
        for (int j = 0; j < 4; ++j) {
            const u64 i = 4 * block + j - offset;  // wraps to a large number before the first word
            if (i < words) use(i, made.word[j]);
        }
    }
}

// Calls use(i, h) for the first `count` halves h of the words from `offset` on.
template <typename Use>
__device__ inline void for_each_half(u64 key0, u64 key1, u64 offset, u64 count, Use use) {
    for_each_word(key0, key1, offset, (count + 1) / 2, [&](u64 i, u64 w) {
        use(2 * i, (u32)w);
        if (2 * i + 1 < count) use(2 * i + 1, (u32)(w >> 32));
    });
}

// Calls use(i, q) for the first `count` quarters q of the words from `offset` on.
template <typename Use>
__device__ inline void for_each_quarter(u64 key0, u64 key1, u64 offset, u64 count, Use use) {
    for_each_word(key0, key1, offset, (count + 3) / 4, [&](u64 i, u64 w) {
        for (int j = 0; j < 4; ++j)
            if (4 * i + j < count) use(4 * i + j, (u16)(w >> (16 * j)));
    });
}

__device__ inline double unit(u64 w) { return (double)(w >> 11) * 0x1p-53; }

// In (0, 1].
__device__ inline float open_unit(u32 h) { return (float)h * 0x1p-32f + 0x1p-33f; }

extern "C" __global__ void random_words(u64 key0, u64 key1, u64 offset, u64 count, u64* out) {
    for_each_word(key0, key1, offset, count, [&](u64 i, u64 w) { out[i] = w; });
}

extern "C" __global__ void uniform_float64(u64 key0, u64 key1, u64 offset, u64 count, double* out) {
    for_each_word(key0, key1, offset, count, [&](u64 i, u64 w) { out[i] = unit(w); });
}

extern "C" __global__ void uniform_float32(u64 key0, u64 key1, u64 offset, u64 count, float* out) {
    for_each_half(key0, key1, offset, count, [&](u64 i, u32 h) { out[i] = (float)(h >> 8) * 0x1p-24f; });
}

// `out` holds float16 as bits: multiples of 2**-11 below 1 are exact and normal, so the float's own digits will do.
extern "C" __global__ void uniform_float16(u64 key0, u64 key1, u64 offset, u64 count, u16* out) {
    for_each_quarter(key0, key1, offset, count, [&](u64 i, u16 q) {
        const u32 digits = q >> 5;
        const u32 bits = __float_as_uint((float)digits * 0x1p-11f);
        out[i] = digits == 0 ? (u16)0 : (u16)((bits >> 13) - ((127 - 15) << 10));
    });
}

// `out` holds bfloat16 as bits: the upper half of the float's.
extern "C" __global__ void uniform_bfloat16(u64 key0, u64 key1, u64 offset, u64 count, u16* out) {
    for_each_quarter(key0, key1, offset, count, [&](u64 i, u16 q) {
        out[i] = (u16)(__float_as_uint((float)(u32)(q >> 8) * 0x1p-8f) >> 16);
    });
}

// reach = high - low; 0 stands for 2**64.
extern "C" __global__ void random_integers(u64 key0, u64 key1, u64 offset, u64 count, u64 low, u64 reach, u64* out) {
    for_each_word(key0, key1, offset, count,
                  [&](u64 i, u64 w) { out[i] = low + (reach == 0 ? w : __umul64hi(w, reach)); });
}

// bound = round(p * 2**32), at most 2**32.
extern "C" __global__ void bernoulli(u64 key0, u64 key1, u64 offset, u64 count, u64 bound, bool* out) {
    for_each_half(key0, key1, offset, count, [&](u64 i, u32 h) { out[i] = h < bound; });
}

extern "C" __global__ void bernoulli_each(u64 key0, u64 key1, u64 offset, u64 count, const double* p, bool* out) {
    for_each_half(key0, key1, offset, count, [&](u64 i, u32 h) { out[i] = (double)h < rint(p[i] * 0x1p32); });
}

extern "C" __global__ void exponential_float64(u64 key0, u64 key1, u64 offset, u64 count, double* out) {
    for_each_word(key0, key1, offset, count, [&](u64 i, u64 w) { out[i] = fmax(-log(1.0 - unit(w)), 0x1p-53); });
}

extern "C" __global__ void exponential_float32(u64 key0, u64 key1, u64 offset, u64 count, float* out) {
    for_each_half(key0, key1, offset, count, [&](u64 i, u32 h) { out[i] = fmaxf(-logf(open_unit(h)), 0x1p-24f); });
}

// Pairs start at any word, so their two words may come of two counters.
extern "C" __global__ void normal_float64(u64 key0, u64 key1, u64 offset, u64 count, double* out) {
    for (u64 pair = thread_index(); pair < (count + 1) / 2; pair += thread_count()) {
        const u64 first = offset + 2 * pair;
        Words made = philox(first / 4 + 1, key0, key1);
        const u64 v = made.word[first % 4];
        if (first % 4 == 3) made = philox(first / 4 + 2, key0, key1);
        const u64 w = made.word[(first + 1) % 4];
        const double radius = sqrt(-2.0 * log(1.0 - unit(v)));
        double sine, cosine;
        sincos(unit(w) * 0x1.921fb54442d18p+2, &sine, &cosine);  // 2 pi
        out[2 * pair] = radius * cosine;
        if (2 * pair + 1 < count) out[2 * pair + 1] = radius * sine;
    }
}

extern "C" __global__ void normal_float32(u64 key0, u64 key1, u64 offset, u64 count, float* out) {
    for_each_word(key0, key1, offset, (count + 1) / 2, [&](u64 pair, u64 w) {
        const float radius = sqrtf(-2.0f * logf(open_unit((u32)w)));
        float sine, cosine;
        sincosf((float)(int)(u32)(w >> 32) * 0x1.921fb6p-30f, &sine, &cosine);  // pi * 2**-31
        out[2 * pair] = radius * cosine;
        if (2 * pair + 1 < count) out[2 * pair + 1] = radius * sine;
    });
}
