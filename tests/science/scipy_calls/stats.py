"""scipy.stats: written in the array-API standard, so nearly all of it stays with Tensors."""

import numpy as np

from tests.science.scipy_calls.call import Call
from tests.science.scipy_calls.data import LEVELS, SAMPLE, SECOND, THIRD, UNIT, X, Y, Z

SEEN = np.array([[16.0, 18.0], [16.0, 14.0], [12.0, 12.0], [20.0, 20.0]])
EXPECTED = np.array([[15.0, 17.0], [17.0, 13.0], [13.0, 14.0], [19.0, 20.0]])
SHARES = SAMPLE / SAMPLE.sum(axis=0)
OTHERS = SECOND / SECOND.sum(axis=0)


def distance(a):
    return lambda x, y, axis=-1: a.xp.mean(x, axis=axis) - a.xp.mean(y, axis=axis)


def mean(a):
    return lambda x, axis=-1: a.xp.mean(x, axis=axis)


def normal(a, seed=5):
    rng = np.random.default_rng(seed)
    return lambda size: a(rng.standard_normal(size))


def odds(a):
    """The distribution function of the exponential distribution."""
    return lambda x: 1 - a.xp.exp(-x)


def tested(a):
    from scipy import stats

    return lambda x, axis=-1: stats.ttest_1samp(x, 0.0, axis=axis).pvalue


def interval(result):
    return result.confidence_interval, result.standard_error, result.bootstrap_distribution


MASKED = "nan flows back: SciPy puts nan in place of what lies outside the limits"

CALLS = (
    Call("stats.alexandergovern", lambda f, a: (lambda r: (r.statistic, r.pvalue))(f(a(X), a(Y), a(Z)))),
    Call("stats.ansari", lambda f, a: f(a(X), a(Y))),
    Call("stats.bartlett", lambda f, a: f(a(SAMPLE), a(SECOND), a(THIRD))),
    Call("stats.bootstrap", lambda f, a: interval(f((a(X),), mean(a), n_resamples=50, rng=1))),
    Call("stats.boxcox_llf", lambda f, a: f(1.5, a(SAMPLE))),
    Call("stats.brunnermunzel", lambda f, a: f(a(SAMPLE), a(SECOND))),
    Call("stats.chatterjeexi", lambda f, a: f(a(X), a(Y))),
    Call("stats.chisquare", lambda f, a: f(a(SEEN), a(EXPECTED))),
    Call("stats.circmean", lambda f, a: f(a(SAMPLE), axis=0)),
    Call("stats.circstd", lambda f, a: f(a(SAMPLE), axis=0)),
    Call("stats.circvar", lambda f, a: f(a(SAMPLE), axis=0)),
    Call("stats.combine_pvalues", lambda f, a: f(a(UNIT), "stouffer", a(UNIT + 1))),
    Call("stats.cramervonmises", lambda f, a: (lambda r: (r.statistic, r.pvalue))(f(a(X), odds(a)))),
    Call(
        "stats.cramervonmises_2samp",
        lambda f, a: (lambda r: (r.statistic, r.pvalue))(f(a(X), a(Y), method="asymptotic")),
    ),
    Call("stats.describe", lambda f, a: f(a(SAMPLE))),
    Call("stats.differential_entropy", lambda f, a: f(a(SAMPLE))),
    Call("stats.directional_stats", lambda f, a: (lambda r: (r.mean_direction, r.mean_resultant_length))(f(a(SAMPLE)))),
    Call("stats.entropy", lambda f, a: f(a(SHARES), a(OTHERS), base=2)),
    Call(
        "stats.epps_singleton_2samp",
        lambda f, a: f(a(X), a(Y)),
        loose=40.0,
        why="inverts a covariance matrix, which loses digits",
    ),
    Call("stats.f_oneway", lambda f, a: f(a(SAMPLE), a(SECOND), a(THIRD))),
    Call("stats.false_discovery_control", lambda f, a: f(a(UNIT), method="by")),
    Call("stats.fligner", lambda f, a: f(a(X), a(Y), a(Z))),
    Call("stats.friedmanchisquare", lambda f, a: f(a(X), a(Y), a(Z))),
    Call("stats.gmean", lambda f, a: f(a(SAMPLE), weights=a(SECOND))),
    Call("stats.gstd", lambda f, a: f(a(SAMPLE))),
    Call("stats.gzscore", lambda f, a: f(a(SAMPLE))),
    Call("stats.hmean", lambda f, a: f(a(SAMPLE), weights=a(SECOND))),
    Call("stats.iqr", lambda f, a: f(a(SAMPLE), axis=0)),
    Call("stats.jarque_bera", lambda f, a: f(a(SAMPLE), axis=0)),
    Call("stats.kruskal", lambda f, a: f(a(X), a(Y), a(Z))),
    Call("stats.ks_1samp", lambda f, a: f(a(X), odds(a), method="asymp")),
    Call("stats.kstat", lambda f, a: f(a(SAMPLE), 3, axis=0)),
    Call("stats.kstatvar", lambda f, a: f(a(SAMPLE), 2, axis=0)),
    Call("stats.kurtosis", lambda f, a: f(a(SAMPLE), bias=False)),
    Call("stats.kurtosistest", lambda f, a: f(a(SAMPLE))),
    Call("stats.levene", lambda f, a: f(a(X), a(Y), a(Z))),
    Call(
        "stats.lmoment",
        lambda f, a: f(a(SAMPLE)),
        loose=8.0,
        why="sums of both signs that nearly cancel; in float32 the order of adding shows",
    ),
    Call("stats.mannwhitneyu", lambda f, a: f(a(SAMPLE), a(SECOND), method="asymptotic")),
    Call("stats.median_abs_deviation", lambda f, a: f(a(SAMPLE))),
    Call("stats.mode", lambda f, a: f(a(LEVELS))),
    Call("stats.moment", lambda f, a: f(a(SAMPLE), [1, 2, 3])),
    Call(
        "stats.monte_carlo_test",
        lambda f, a: (lambda r: (r.statistic, r.pvalue))(
            f(a(X - 2), normal(a), mean(a), n_resamples=99, vectorized=True)
        ),
    ),
    Call("stats.mood", lambda f, a: f(a(SAMPLE), a(SECOND))),
    Call("stats.mstats.chisquare", lambda f, a: f(a(SEEN), a(EXPECTED))),
    Call("stats.mstats.gmean", lambda f, a: f(a(SAMPLE))),
    Call("stats.mstats.hmean", lambda f, a: f(a(SAMPLE))),
    Call("stats.mstats.zmap", lambda f, a: f(a(SAMPLE), a(SECOND))),
    Call("stats.mstats.zscore", lambda f, a: f(a(SAMPLE))),
    Call("stats.normaltest", lambda f, a: f(a(SAMPLE))),
    Call("stats.pearsonr", lambda f, a: (lambda r: (r, r.confidence_interval()))(f(a(SAMPLE), a(SECOND)))),
    Call(
        "stats.permutation_test",
        lambda f, a: (lambda r: (r.statistic, r.pvalue))(
            f((a(X), a(Y)), distance(a), n_resamples=99, vectorized=True, rng=2)
        ),
    ),
    Call("stats.pmean", lambda f, a: f(a(SAMPLE), 3)),
    Call(
        "stats.power",
        lambda f, a: (lambda r: (r.power, r.pvalues))(
            f(tested(a), normal(a), a([12, 15]), significance=0.05, vectorized=True, n_resamples=40)
        ),
    ),
    Call("stats.power_divergence", lambda f, a: f(a(SEEN), a(EXPECTED), lambda_="cressie-read")),
    Call("stats.quantile", lambda f, a: f(a(SAMPLE), a([0.1, 0.5, 0.8]), axis=0)),
    Call("stats.rankdata", lambda f, a: f(a(LEVELS), axis=1)),
    Call("stats.sem", lambda f, a: f(a(SAMPLE))),
    Call("stats.sigmaclip", lambda f, a: f(a(X), 1.5, 1.5)),
    Call("stats.skew", lambda f, a: f(a(SAMPLE), bias=False)),
    Call("stats.skewtest", lambda f, a: f(a(SAMPLE))),
    Call("stats.spearmanrho", lambda f, a: f(a(SAMPLE), a(SECOND))),
    Call("stats.tmax", lambda f, a: f(a(SAMPLE), 3.0)),
    Call("stats.tmean", lambda f, a: f(a(SAMPLE), (0.5, 3.0), axis=0)),
    Call("stats.tmin", lambda f, a: f(a(SAMPLE), 1.0)),
    Call("stats.trim_mean", lambda f, a: f(a(SAMPLE), 0.1)),
    Call("stats.tsem", lambda f, a: f(a(SAMPLE), (0.5, 3.0)), no_slope=MASKED),
    Call("stats.tstd", lambda f, a: f(a(SAMPLE), (0.5, 3.0)), no_slope=MASKED),
    Call("stats.ttest_1samp", lambda f, a: (lambda r: (r, r.df, r.confidence_interval()))(f(a(SAMPLE), 2.0))),
    Call("stats.ttest_ind", lambda f, a: f(a(SAMPLE), a(SECOND), equal_var=False)),
    Call(
        "stats.ttest_ind_from_stats",
        lambda f, a: f(a([15.0, 12.0]), a([3.0, 2.0]), a([13.0, 9.0]), a([12.0, 11.0]), a([2.5, 2.0]), a([11.0, 10.0])),
    ),
    Call("stats.ttest_rel", lambda f, a: f(a(SAMPLE), a(SECOND))),
    Call("stats.tvar", lambda f, a: f(a(SAMPLE), (0.5, 3.0)), no_slope=MASKED),
    Call("stats.variation", lambda f, a: f(a(SAMPLE))),
    Call("stats.wilcoxon", lambda f, a: f(a(SAMPLE), a(SECOND), method="asymptotic")),
    Call("stats.yeojohnson_llf", lambda f, a: f(0.5, a(SAMPLE))),
    Call("stats.zmap", lambda f, a: f(a(SAMPLE), a(SECOND))),
    Call("stats.zscore", lambda f, a: f(a(SAMPLE), axis=1)),
)
