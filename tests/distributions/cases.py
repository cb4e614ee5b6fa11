# ruff: noqa: E501 (rows of tables)
"""One row a distribution: parameters, values inside of the support, values outside, and SciPy's twin."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.special as sp
from scipy import stats

import gputensor as gt


@dataclass
class Case:
    name: str
    parameters: dict[str, Any]  # lists and numbers become float64 tensors, what is in a tuple stays as it is
    values: Any
    outside: Any = None  # a value that validation refuses
    scipy: Callable[..., Any] | None = None  # of the parameters as arrays: a frozen distribution
    log_prob: Callable[..., Any] | None = None  # of the value and the parameters, where SciPy has no twin
    id: str = ""
    # what PyTorch gives otherwise, with the reason; "all" for everything
    differs: dict[str, str] = field(default_factory=dict)
    no_gradient: tuple[str, ...] = field(default=())  # parameters that are counts

    def make(self, lib: Any, dtype: str = "float64", gradient: bool = False, **options: Any) -> Any:
        """The distribution in gputensor or PyTorch, and its parameters as tensors."""
        given = {}
        for key, value in self.parameters.items():
            if isinstance(value, tuple):
                given[key] = value[0]
                continue
            t = lib.tensor(value, dtype=getattr(lib, dtype))
            given[key] = t.requires_grad_() if gradient and key not in self.no_gradient else t
        return getattr(lib.distributions, self.name)(**given, **options), given

    def arrays(self) -> dict[str, Any]:
        return {k: v[0] if isinstance(v, tuple) else np.array(v, dtype=float) for k, v in self.parameters.items()}


C = Case
COV = [[2.0, 0.5], [0.5, 1.0]]
TRIL = [[1.5, 0.0], [-0.5, 0.8]]
SIMPLEX = [[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]]

CASES = [
    C("Normal", {"loc": [0.0, 1.0, -2.0], "scale": [1.0, 0.5, 3.0]}, [0.3, -1.0, 5.0], [0.0, np.nan, 0.0],
      lambda loc, scale: stats.norm(loc, scale)),
    C("Uniform", {"low": [0.0, -1.0], "high": [1.0, 3.0]}, [0.25, 2.0], [0.5, 4.0],
      lambda low, high: stats.uniform(low, high - low)),
    C("Exponential", {"rate": [0.5, 3.0]}, [0.2, 4.0], [-1.0, 1.0], lambda rate: stats.expon(scale=1 / rate)),
    C("Laplace", {"loc": [0.0, 2.0], "scale": [1.0, 0.3]}, [-1.5, 2.5], None, stats.laplace),
    C("Cauchy", {"loc": [0.0, 2.0], "scale": [1.0, 0.3]}, [-1.5, 2.5], None, stats.cauchy),
    C("Gamma", {"concentration": [0.3, 1.0, 7.5], "rate": [2.0, 0.5, 1.5]}, [0.1, 2.0, 6.0], [-1.0, 1.0, 1.0],
      lambda concentration, rate: stats.gamma(concentration, scale=1 / rate)),
    C("Chi2", {"df": [1.0, 4.5]}, [0.5, 3.0], [-1.0, 1.0], stats.chi2),
    C("Beta", {"concentration1": [0.5, 2.0, 7.0], "concentration0": [0.7, 3.0, 1.0]}, [0.1, 0.5, 0.9], [0.5, 2.0, 0.5],
      lambda concentration1, concentration0: stats.beta(concentration1, concentration0),
      differs={"mode": "of a density with two infinite ends, PyTorch takes 1, we the higher one"}),
    C("Dirichlet", {"concentration": [[0.5, 2.0, 3.0], [1.0, 1.0, 4.0]]}, SIMPLEX, [[0.5, 0.6, 0.1], [0.2, 0.2, 0.6]],
      log_prob=lambda x, concentration: ((concentration - 1) * np.log(x)).sum(-1) + sp.gammaln(concentration.sum(-1))
      - sp.gammaln(concentration).sum(-1)),
    C("Bernoulli", {"probs": [0.2, 0.9, 0.5]}, [1.0, 0.0, 1.0], [0.5, 1.0, 1.0], lambda probs: stats.bernoulli(probs)),
    C("Bernoulli", {"logits": [-0.7, 3.0]}, [1.0, 0.0], [2.0, 1.0], lambda logits: stats.bernoulli(sp.expit(logits)),
      id="logits"),
    C("Geometric", {"probs": [0.2, 0.9]}, [3.0, 0.0], [-1.0, 1.0], lambda probs: stats.geom(probs, loc=-1)),
    C("Geometric", {"logits": [-0.7, 1.0]}, [3.0, 1.0], [0.5, 1.0],
      lambda logits: stats.geom(sp.expit(logits), loc=-1), id="logits"),
    C("Poisson", {"rate": [0.4, 3.7, 25.0]}, [0.0, 5.0, 22.0], [0.5, 1.0, 1.0], lambda rate: stats.poisson(rate)),
    C("Binomial", {"total_count": [10.0, 10.0], "probs": [0.3, 0.9]}, [4.0, 10.0], [11.0, 1.0],
      lambda total_count, probs: stats.binom(total_count, probs), no_gradient=("total_count",)),
    C("Binomial", {"total_count": [7.0, 7.0], "logits": [0.3, -1.0]}, [4.0, 0.0], [1.5, 1.0],
      lambda total_count, logits: stats.binom(total_count, sp.expit(logits)), id="logits",
      no_gradient=("total_count",)),
    C("NegativeBinomial", {"total_count": [3.0, 2.5], "probs": [0.3, 0.8]}, [4.0, 9.0], [0.5, 1.0],
      lambda total_count, probs: stats.nbinom(total_count, 1 - probs)),
    C("NegativeBinomial", {"total_count": [3.0, 2.5], "logits": [0.3, -0.8]}, [4.0, 9.0], [-1.0, 1.0],
      lambda total_count, logits: stats.nbinom(total_count, sp.expit(-logits)), id="logits"),
    C("Categorical", {"probs": SIMPLEX}, [1.0, 2.0], [1.0, 3.0],
      log_prob=lambda x, probs: np.log(probs[np.arange(2), x.astype(int)])),
    C("Categorical", {"logits": [[0.1, -2.0, 3.0], [1.0, 1.0, 0.0]]}, [1.0, 0.0], [1.0, 0.5],
      log_prob=lambda x, logits: sp.log_softmax(logits, -1)[np.arange(2), x.astype(int)], id="logits"),
    C("OneHotCategorical", {"probs": SIMPLEX}, [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
      log_prob=lambda x, probs: np.log((probs * x).sum(-1))),
    C("OneHotCategoricalStraightThrough", {"logits": [0.1, -2.0, 3.0]}, [0.0, 1.0, 0.0], [0.5, 0.5, 0.0],
      log_prob=lambda x, logits: (sp.log_softmax(logits, -1) * x).sum(-1)),
    C("Multinomial", {"total_count": (6,), "probs": SIMPLEX}, [[1.0, 3.0, 2.0], [6.0, 0.0, 0.0]],
      [[-1.0, 3.0, 2.0], [6.0, 0.0, 0.0]],
      log_prob=lambda x, total_count, probs: stats.multinomial(total_count, probs).logpmf(x),
      differs={"entropy": "PyTorch takes lgamma(total_count + 1) in float32", "perplexity": "the same"}),
    C("MultivariateNormal", {"loc": [0.5, -1.0], "covariance_matrix": COV}, [0.0, 1.0], [np.nan, 0.0],
      log_prob=lambda x, loc, covariance_matrix: stats.multivariate_normal(loc, covariance_matrix).logpdf(x)),
    C("MultivariateNormal", {"loc": [[0.5, -1.0], [0.0, 0.0], [2.0, 1.0]], "scale_tril": TRIL}, [0.0, 1.0], None,
      log_prob=lambda x, loc, scale_tril: np.array([stats.multivariate_normal(m, scale_tril @ scale_tril.T).logpdf(x)
                                                    for m in loc]), id="tril"),
    C("MultivariateNormal", {"loc": [0.5, -1.0], "precision_matrix": [COV, [[1.0, 0.0], [0.0, 4.0]]]}, [0.0, 1.0], None,
      log_prob=lambda x, loc, precision_matrix: np.array([stats.multivariate_normal(loc, np.linalg.inv(p)).logpdf(x)
                                                          for p in precision_matrix]), id="precision"),
    C("LowRankMultivariateNormal", {"loc": [0.5, -1.0, 0.0], "cov_factor": [[1.0], [0.5], [-2.0]],
                                    "cov_diag": [0.5, 1.0, 2.0]}, [0.0, 1.0, 2.0], None,
      log_prob=lambda x, loc, cov_factor, cov_diag: stats.multivariate_normal(
          loc, cov_factor @ cov_factor.T + np.diag(cov_diag)).logpdf(x)),
    C("LogNormal", {"loc": [0.0, 1.0], "scale": [1.0, 0.5]}, [0.3, 2.0], [-1.0, 1.0],
      lambda loc, scale: stats.lognorm(scale, scale=np.exp(loc))),
    C("HalfNormal", {"scale": [1.0, 0.5]}, [0.3, 2.0], [-1.0, 1.0], lambda scale: stats.halfnorm(scale=scale)),
    C("HalfCauchy", {"scale": [1.0, 0.5]}, [0.3, 2.0], [-1.0, 1.0], lambda scale: stats.halfcauchy(scale=scale)),
    C("StudentT", {"df": [3.0, 1.5, 0.8], "loc": [0.0, 1.0, 2.0], "scale": [1.0, 2.0, 0.5]}, [0.3, -1.0, 2.0], None,
      stats.t),
    C("Gumbel", {"loc": [0.0, 2.0], "scale": [1.0, 0.5]}, [0.3, 1.0], None, stats.gumbel_r),
    C("Weibull", {"scale": [1.0, 2.0], "concentration": [1.5, 3.0]}, [0.3, 1.0], [-1.0, 1.0],
      lambda scale, concentration: stats.weibull_min(concentration, scale=scale)),
    C("Pareto", {"scale": [1.0, 2.0], "alpha": [1.5, 3.0]}, [1.3, 4.0], [0.5, 3.0],
      lambda scale, alpha: stats.pareto(alpha, scale=scale)),
    C("GeneralizedPareto", {"loc": [0.0, 1.0, 0.0], "scale": [1.0, 2.0, 0.5], "concentration": [0.3, -0.2, 0.0]},
      [0.5, 2.0, 1.0], [-0.5, 2.0, 1.0],
      lambda loc, scale, concentration: stats.genpareto(concentration, loc, scale),
      differs={"all": "PyTorch 2.13 mixes float32 into its float64 and raises"}),
    C("VonMises", {"loc": [0.5, -2.0], "concentration": [0.7, 20.0]}, [0.3, -1.5], None,
      lambda loc, concentration: stats.vonmises(concentration, loc),
      differs={"variance": "PyTorch's polynomials for I0 and I1 are good to 7 digits", "log_prob": "the same"}),
    C("InverseGamma", {"concentration": [3.0, 1.5], "rate": [1.0, 2.0]}, [0.3, 1.0], [-1.0, 1.0],
      lambda concentration, rate: stats.invgamma(concentration, scale=rate)),
    C("FisherSnedecor", {"df1": [3.0, 1.5], "df2": [5.0, 2.0]}, [0.3, 1.0], [-1.0, 1.0], lambda df1, df2: stats.f(df1, df2)),
    C("Kumaraswamy", {"concentration1": [1.5, 2.0], "concentration0": [3.0, 1.0]}, [0.3, 0.8], [0.5, 1.5],
      log_prob=lambda x, concentration1, concentration0: np.log(
          concentration1 * concentration0 * x ** (concentration1 - 1)
          * (1 - x**concentration1) ** (concentration0 - 1)),
      differs={"mode": "PyTorch takes the logarithm of a negative number"}),
    C("ContinuousBernoulli", {"probs": [0.2, 0.5, 0.9]}, [0.3, 0.8, 1.0], [0.5, 1.5, 0.5],
      log_prob=lambda x, probs: np.log(probs**x * (1 - probs) ** (1 - x) * np.where(
          probs == 0.5, 2.0, 2 * np.arctanh(1 - 2 * np.where(probs == 0.5, 0.1, probs))
          / (1 - 2 * np.where(probs == 0.5, 0.1, probs))))),
    C("ContinuousBernoulli", {"logits": [-2.0, 0.001]}, [0.3, 0.8], None, id="logits",
      log_prob=lambda x, logits: x * logits - np.log(np.expm1(logits) / logits)),
    C("RelaxedBernoulli", {"temperature": 0.7, "probs": [0.2, 0.6]}, [0.3, 0.8], [0.5, 1.5],
      log_prob=lambda x, temperature, probs: _concrete(x, temperature, np.log(probs / (1 - probs)))),
    C("RelaxedBernoulli", {"temperature": 2.0, "logits": [-0.2, 0.6]}, [0.3, 0.8], [0.5, 1.5], id="logits",
      log_prob=lambda x, temperature, logits: _concrete(x, temperature, logits)),
    C("RelaxedOneHotCategorical", {"temperature": 0.7, "probs": SIMPLEX}, [[0.1, 0.6, 0.3], [0.3, 0.3, 0.4]], None,
      log_prob=lambda x, temperature, probs: np.log(2 * temperature**2) + (
          np.log(probs) - (temperature + 1) * np.log(x)).sum(-1) - 3 * np.log((probs * x**-temperature).sum(-1))),
    C("LogisticNormal", {"loc": [0.2, -0.5], "scale": [1.0, 0.5]}, [0.2, 0.5, 0.3], [0.2, 0.2, 0.2],
      log_prob=lambda x, loc, scale: _logistic_normal(x, loc, scale)),
    C("Wishart", {"df": 4.0, "covariance_matrix": COV}, [[3.0, 0.5], [0.5, 2.0]], [[1.0, 2.0], [2.0, 1.0]],
      log_prob=lambda x, df, covariance_matrix: stats.wishart(float(df), covariance_matrix).logpdf(x)),
    C("Wishart", {"df": [3.0, 4.5], "scale_tril": TRIL}, [[3.0, 0.5], [0.5, 2.0]], None, id="tril",
      log_prob=lambda x, df, scale_tril: np.array([stats.wishart(d, scale_tril @ scale_tril.T).logpdf(x) for d in df])),
    C("LKJCholesky", {"dim": (3,), "concentration": [0.7, 2.0]},
      [[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [0.0, 0.6, 0.8]], [[1.0, 0.0, 0.0], [0.6, 0.9, 0.0], [0.0, 0.6, 0.8]],
      log_prob=lambda x, dim, concentration: _lkj(x, concentration)),
]  # fmt: skip


def _concrete(x, t, logits):
    """Maddison et al. 2017, equation 24."""
    a = np.exp(logits)
    return np.log(t * a * x ** (-t - 1) * (1 - x) ** (-t - 1) / (a * x**-t + (1 - x) ** -t) ** 2)


def _logistic_normal(x, loc, scale):
    share = np.array([x[0], x[1] / (x[1] + x[2])])
    y = sp.logit(share) + np.log([2.0, 1.0])
    volume = np.log(share * (1 - share)).sum() + np.log(1 - x[0])
    return stats.norm(loc, scale).logpdf(y).sum() - volume


def _lkj(x, c):
    """det(C)**(c - 1) of 3 x 3 correlation matrices, over its integral, times the volume of the factor's map.

    Lewandowski et al. 2009, equation 16: the integral is a product of beta functions.
    """
    volume = np.log(x[1, 1])  # the Jacobian of L -> L @ L.T below the diagonal
    # the last partial correlation is 2 * Beta(c, c) - 1, the two others 2 * Beta(c + 1/2, c + 1/2) - 1
    integral = (2 * c - 1) * np.log(2) + sp.betaln(c, c) + 2 * (2 * c * np.log(2) + sp.betaln(c + 0.5, c + 0.5))
    return 2 * (c - 1) * (np.log(x[1, 1]) + np.log(x[2, 2])) + volume - integral


def identifier(case: Case) -> str:
    return f"{case.name}-{case.id}" if case.id else case.name


def tensor(value: Any, dtype: str = "float64") -> Any:
    return gt.tensor(value, dtype=getattr(gt, dtype))
