"""Random numbers on NumPy: bit for bit those of the layout, wherever, in whatever blocks and threads they are drawn."""

import math
import threading
import tracemalloc

import ml_dtypes
import numpy as np
import pytest

from gputensor.arrays import random_layout
from gputensor.arrays.numpy_ import random_bits

FLOAT16, FLOAT32, FLOAT64 = np.dtype(np.float16), np.dtype(np.float32), np.dtype(np.float64)
BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
INT64 = np.dtype(np.int64)
FLOATS = [FLOAT16, BFLOAT16, FLOAT32, FLOAT64]
KEYS = [0, 1, 2**64 - 1, (7 << 64) + 5, 2**128 - 1]
OFFSETS = [0, 1, 2, 3, 4, 7, 1001, 2**40 + 3, 2**63 + 2]


def philox(counter, key):
    """Philox 4x64-10 in Python's integers, as Salmon et al. define it."""
    mask = 2**64 - 1
    c0, c1, c2, c3 = (counter >> 64 * j & mask for j in range(4))
    k0, k1 = key & mask, key >> 64
    for _ in range(10):
        first, second = 0xD2E7470EE14C6C93 * c0, 0xCA5A826395121157 * c2
        c0, c1, c2, c3 = second >> 64 ^ c1 ^ k0, second & mask, first >> 64 ^ c3 ^ k1, first & mask
        k0, k1 = k0 + 0x9E3779B97F4A7C15 & mask, k1 + 0xBB67AE8584CAA73B & mask
    return c0, c1, c2, c3


def words_of(key, offset, count):
    return [philox(w // 4 + 1, key)[w % 4] for w in range(offset, offset + count)]


def pieces_of(key, offset, count, bits):
    words = words_of(key, offset, -(-count * bits // 64))
    return [w >> shift & 2**bits - 1 for w in words for shift in range(0, 64, bits)][:count]


def every_draw(key, offset, count):
    """Each kind of draw once, by name."""
    draws = {
        "words": random_bits.random_words(key, offset, count),
        "integers": random_bits.random_integers(key, offset, count, -5, 1000, INT64),
        "bernoulli": random_bits.bernoulli(key, offset, count, 0.3),
        "each": random_bits.bernoulli(key, offset, count, np.linspace(0, 1, count)),
        "permutation": random_bits.permutation(key, offset, count),
    }
    for dtype in FLOATS:
        draws[f"uniform {dtype}"] = random_bits.uniform01(key, offset, count, dtype)
        draws[f"normal {dtype}"] = random_bits.standard_normal(key, offset, count, dtype)
        draws[f"exponential {dtype}"] = random_bits.exponential(key, offset, count, dtype)
    return draws


def same_bits(x, y):
    return x.dtype == y.dtype and x.tobytes() == y.tobytes()


def test_reference_gives_the_published_answer():
    # Random123's known-answer file: counter 0, key 0.
    expected = (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B)
    assert philox(0, 0) == expected


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("offset", OFFSETS)
def test_words_are_those_of_philox(key, offset):
    assert random_bits.random_words(key, offset, 11).tolist() == words_of(key, offset, 11)


def test_words_are_those_of_numpys_generator():
    # More words than the small and the large way of drawing them have in one block.
    expected = np.random.Philox(key=12).random_raw(200_003)
    assert same_bits(random_bits.random_words(12, 0, 200_003), expected)
    assert same_bits(random_bits.random_words(12, 5, 5_000), expected[5:5005])
    assert same_bits(random_bits.random_words(12, 5, 50), expected[5:55])


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize(
    ("dtype", "piece", "digits"), [(FLOAT64, 64, 53), (FLOAT32, 32, 24), (FLOAT16, 16, 11), (BFLOAT16, 16, 8)]
)
def test_uniform_is_the_top_digits_of_its_piece(offset, dtype, piece, digits):
    for count in (0, 1, 2, 3, 9):
        pieces = pieces_of(3, offset, count, piece)
        got = random_bits.uniform01(3, offset, count, dtype)
        assert got.dtype == dtype
        assert got.astype(np.float64).tolist() == [(p >> piece - digits) * 2.0**-digits for p in pieces]


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize(
    ("low", "high"),
    [
        (0, 1),
        (0, 10),
        (-7, 8),
        (5, 5 + 2**31),
        (0, 2**32),
        (0, 2**32 + 1),
        (-(2**62), 2**62 + 12345),
        (0, 2**63),
        (-(2**63), 2**63),
    ],
)
def test_integers_are_the_high_half_of_a_product(offset, low, high):
    words = words_of(9, offset, 13)
    got = random_bits.random_integers(9, offset, 13, low, high, INT64)
    assert got.dtype == np.int64
    assert got.tolist() == [low + (w * (high - low) >> 64) for w in words]


def test_integers_reach_unsigned_64_bits():
    words = words_of(9, 1, 13)
    got = random_bits.random_integers(9, 1, 13, 0, 2**64, np.dtype(np.uint64))
    assert got.tolist() == words


def test_products_of_extreme_digits_carry():
    words = [0, 1, 2**32 - 1, 2**32, 2**63, 2**64 - 2**32, 2**64 - 1]
    for reach in (1, 2, 2**32 - 1, 2**32, 2**32 + 1, 2**63, 2**64 - 2**32, 2**64 - 1):
        got = random_bits._times_high(np.array(words, np.uint64), reach)
        assert got.tolist() == [w * reach >> 64 for w in words]


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("p", [0.0, 2.0**-33, 0.1, 0.5, 0.999999, 1 - 2.0**-33, 1.0])
def test_bernoulli_compares_halves_with_the_rounded_probability(offset, p):
    expected = [h < round(p * 2**32) for h in pieces_of(4, offset, 21, 32)]
    assert random_bits.bernoulli(4, offset, 21, p).tolist() == expected
    assert random_bits.bernoulli(4, offset, 21, np.full(21, p)).tolist() == expected


def test_bernoulli_takes_a_probability_an_element():
    p = np.array([0, 1, 0.25, 1, 0], np.float32)
    got = random_bits.bernoulli(4, 3, 5, p)
    assert got.tolist() == [h < round(float(q) * 2**32) for h, q in zip(pieces_of(4, 3, 5, 32), p, strict=True)]
    assert got[[0, 4]].tolist() == [False, False]
    assert got[[1, 3]].tolist() == [True, True]


def test_bernoulli_of_0_never_and_of_1_always_happens():
    for p, result in ((0.0, False), (1.0, True)):
        assert (random_bits.bernoulli(0, 0, 300_000, p) == result).all()
        assert (random_bits.bernoulli(0, 0, 300_000, np.full(300_000, p)) == result).all()


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 8])
def test_float64_normals_are_box_and_mullers(offset, count):
    u = [(w >> 11) * 2.0**-53 for w in words_of(6, offset, random_layout.normal_words(count, FLOAT64))]
    expected = []
    for v, w in zip(u[0::2], u[1::2], strict=True):
        radius = math.sqrt(-2.0 * math.log(1.0 - v))
        expected += [radius * math.cos(w * (2 * math.pi)), radius * math.sin(w * (2 * math.pi))]
    got = random_bits.standard_normal(6, offset, count, FLOAT64)
    # log, cos and sin of two libraries differ by an ulp or two.
    np.testing.assert_array_max_ulp(got, np.array(expected[:count]), 4)


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT16, BFLOAT16])
def test_float32_normals_are_box_and_mullers(offset, dtype):
    halves = pieces_of(6, offset, 10, 32)
    expected = []
    for g, h in zip(halves[0::2], halves[1::2], strict=True):
        u = np.float32(g) * np.float32(2.0**-32) + np.float32(2.0**-33)
        angle = np.float32(h - (h >> 31 << 32)) * np.float32(math.pi * 2.0**-31)
        radius = math.sqrt(-2.0 * math.log(u))
        expected += [radius * math.cos(angle), radius * math.sin(angle)]
    got = random_bits.standard_normal(6, offset, 9, dtype)
    assert got.dtype == dtype
    if dtype == FLOAT32:
        np.testing.assert_array_max_ulp(got, np.array(expected[:9], np.float32), 6)
    else:
        as_float32 = random_bits.standard_normal(6, offset, 9, FLOAT32)
        assert same_bits(got, as_float32.astype(dtype))


@pytest.mark.parametrize("offset", OFFSETS)
def test_exponentials_are_minus_the_logarithm(offset):
    expected = [max(-math.log(1.0 - (w >> 11) * 2.0**-53), 2.0**-53) for w in words_of(8, offset, 9)]
    np.testing.assert_array_max_ulp(random_bits.exponential(8, offset, 9, FLOAT64), np.array(expected), 4)

    halves = np.array(pieces_of(8, offset, 9, 32), np.float32)
    expected = [-math.log(h * np.float32(2.0**-32) + np.float32(2.0**-33)) for h in halves]
    got = random_bits.exponential(8, offset, 9, FLOAT32)
    np.testing.assert_array_max_ulp(got, np.array(expected, np.float32), 4)
    for dtype in (FLOAT16, BFLOAT16):
        assert same_bits(random_bits.exponential(8, offset, 9, dtype), got.astype(dtype))


@pytest.mark.parametrize("offset", OFFSETS)
def test_permutation_is_the_order_of_the_words(offset):
    words = words_of(2, offset, 50)
    got = random_bits.permutation(2, offset, 50)
    assert got.dtype == np.int64
    assert got.tolist() == sorted(range(50), key=words.__getitem__)


def test_permutation_keeps_the_order_of_equal_words(monkeypatch):
    words = np.repeat(np.array([9, 3, 7, 3], np.uint64), 50_000)
    monkeypatch.setattr(random_bits, "random_words", lambda key, offset, count: words)
    assert same_bits(random_bits.permutation(0, 0, 200_000), np.argsort(words, kind="stable"))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_permutation_of_few_elements_has_them_all(count):
    assert sorted(random_bits.permutation(0, 0, count).tolist()) == list(range(count))


def test_uniform_rounds_nothing_up_to_1(monkeypatch):
    # The largest words there are.
    monkeypatch.setattr(random_bits, "_raw", lambda key, word, count: np.full(count, 2**64 - 1, np.uint64))
    assert random_bits.uniform01(0, 0, 4, FLOAT16).tolist() == [1 - 2.0**-11] * 4
    assert random_bits.uniform01(0, 0, 4, BFLOAT16).tolist() == [1 - 2.0**-8] * 4
    assert random_bits.random_integers(0, 0, 4, 0, 10, INT64).tolist() == [9] * 4


def test_extreme_words_give_finite_normals_and_exponentials(monkeypatch):
    for word in (0, 2**64 - 1, 2**32 - 1, 2**64 - 2**32):
        monkeypatch.setattr(random_bits, "_raw", lambda key, at, count, word=word: np.full(count, word, np.uint64))
        for dtype in (FLOAT32, FLOAT16, BFLOAT16):
            normal = random_bits.standard_normal(0, 0, 4, dtype).astype(np.float64)
            exponential = random_bits.exponential(0, 0, 4, dtype).astype(np.float64)
            assert np.isfinite(normal).all()
            assert np.isfinite(exponential).all()
            assert (exponential > 0).all()


@pytest.mark.parametrize("count", [1, 7, 1 << 16, (1 << 16) + 1, (1 << 18) + 13])
@pytest.mark.parametrize("offset", [0, 3])
def test_blocks_and_threads_do_not_show(monkeypatch, count, offset):
    whole = every_draw(5, offset, count)
    monkeypatch.setattr(random_bits, "_BLOCK", 1 << 10)
    for threads in (1, 3):
        monkeypatch.setattr(random_bits, "_processors", lambda threads=threads: threads)
        monkeypatch.setattr(random_bits, "_WORTH_THREADS", 1)
        monkeypatch.setattr(random_bits, "_THREADED_BLOCK", 1 << 12)
        for name, draw in every_draw(5, offset, count).items():
            assert same_bits(draw, whole[name]), name


def test_threads_that_draw_at_once_get_what_they_get_alone():
    alone = [random_bits.standard_normal(1, 1000 * i, 1000, FLOAT32) for i in range(8)]
    results = [[] for _ in range(8)]

    def draw(i):
        results[i] += [random_bits.standard_normal(1, 1000 * i, 1000, FLOAT32) for _ in range(20)]

    threads = [threading.Thread(target=draw, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(same_bits(x, alone[i]) for i in range(8) for x in results[i])
    assert all(len(found) == 20 for found in results)


def test_an_error_in_a_block_is_raised(monkeypatch):
    monkeypatch.setattr(random_bits, "_processors", lambda: 2)
    monkeypatch.setattr(random_bits, "_WORTH_THREADS", 1)

    def fail(key, word, count):
        raise MemoryError("no memory left")

    monkeypatch.setattr(random_bits, "_raw", fail)
    with pytest.raises(MemoryError, match="no memory left"):
        random_bits.random_integers(0, 0, 1 << 20, 0, 5, INT64)


def test_a_large_draw_needs_little_memory_besides_its_result(monkeypatch):
    count = 4_000_000
    monkeypatch.setattr(random_bits, "_processors", lambda: 2)
    for name, draw in {
        "words": lambda: random_bits.random_words(0, 0, count),
        "uniform": lambda: random_bits.uniform01(0, 0, count, FLOAT32),
        "uniform float16": lambda: random_bits.uniform01(0, 0, count, BFLOAT16),
        "normal float32": lambda: random_bits.standard_normal(0, 0, count, FLOAT32),
        "normal float64": lambda: random_bits.standard_normal(0, 0, count, FLOAT64),
        "exponential": lambda: random_bits.exponential(0, 0, count, FLOAT32),
        "integers": lambda: random_bits.random_integers(0, 0, count, 0, 10**12, INT64),
        "permutation": lambda: random_bits.permutation(0, 0, count // 4),
    }.items():
        tracemalloc.start()
        result = draw()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        # Blocks of two threads, of at most 2**18 elements and a handful of temporaries each, besides.
        assert peak <= 2 * result.nbytes + 2 * 5 * 8 * 2**18, name


def test_drawing_in_parts_equals_drawing_at_once():
    for dtype in FLOATS:
        for words, draw in (
            (random_layout.uniform_words, random_bits.uniform01),
            (random_layout.normal_words, random_bits.standard_normal),
            (random_layout.exponential_words, random_bits.exponential),
        ):
            # 40 elements end at a word's end in every layout.
            parts = [draw(7, 11, 40, dtype), draw(7, 11 + words(40, dtype), 20, dtype)]
            assert same_bits(np.concatenate(parts), draw(7, 11, 60, dtype))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 8, 1001])
def test_draws_take_the_words_their_bits_fill(count):
    for dtype in FLOATS:
        bits = 8 * dtype.itemsize
        assert random_layout.uniform_words(count, dtype) == math.ceil(count * bits / 64)
        assert random_layout.exponential_words(count, dtype) == math.ceil(count * max(bits, 32) / 64)
        wide = dtype == FLOAT64
        assert random_layout.normal_words(count, dtype) == math.ceil(count / 2) * (2 if wide else 1)
    assert random_layout.bernoulli_words(count) == math.ceil(count / 2)
    assert random_layout.integer_words(count) == random_layout.permutation_words(count) == count


@pytest.mark.parametrize("count", [1, 2, 3, 5, 1001, 70_001])
def test_no_draw_reads_past_its_words(monkeypatch, count):
    raw = random_bits._raw
    ends = []

    def spy(key, word, count):
        ends.append(word + count)
        return raw(key, word, count)

    monkeypatch.setattr(random_bits, "_raw", spy)
    for words, draw in (
        (random_layout.uniform_words(count, FLOAT16), lambda: random_bits.uniform01(0, 5, count, FLOAT16)),
        (random_layout.normal_words(count, FLOAT32), lambda: random_bits.standard_normal(0, 5, count, FLOAT32)),
        (random_layout.exponential_words(count, FLOAT32), lambda: random_bits.exponential(0, 5, count, FLOAT32)),
        (random_layout.bernoulli_words(count), lambda: random_bits.bernoulli(0, 5, count, 0.5)),
        (random_layout.integer_words(count), lambda: random_bits.random_integers(0, 5, count, 0, 3, INT64)),
        (random_layout.permutation_words(count), lambda: random_bits.permutation(0, 5, count)),
    ):
        ends.clear()
        draw()
        assert max(ends) == 5 + words
