"""Probability distributions, and maps between their values. Names and semantics are those of `torch.distributions`."""

from gputensor.distributions import (
    _kl_between as _kl_between,
    _kl_within as _kl_within,
    constraint_registry as constraint_registry,
    constraints as constraints,
    kl as kl,
    transforms as transforms,
    utils as utils,
)
from gputensor.distributions.bernoulli import Bernoulli as Bernoulli
from gputensor.distributions.beta import Beta as Beta
from gputensor.distributions.binomial import Binomial as Binomial
from gputensor.distributions.categorical import Categorical as Categorical
from gputensor.distributions.cauchy import Cauchy as Cauchy
from gputensor.distributions.chi2 import Chi2 as Chi2
from gputensor.distributions.constraint_registry import biject_to as biject_to, transform_to as transform_to
from gputensor.distributions.continuous_bernoulli import ContinuousBernoulli as ContinuousBernoulli
from gputensor.distributions.dirichlet import Dirichlet as Dirichlet
from gputensor.distributions.distribution import Distribution as Distribution
from gputensor.distributions.exp_family import ExponentialFamily as ExponentialFamily
from gputensor.distributions.exponential import Exponential as Exponential
from gputensor.distributions.fishersnedecor import FisherSnedecor as FisherSnedecor
from gputensor.distributions.gamma import Gamma as Gamma
from gputensor.distributions.generalized_pareto import GeneralizedPareto as GeneralizedPareto
from gputensor.distributions.geometric import Geometric as Geometric
from gputensor.distributions.gumbel import Gumbel as Gumbel
from gputensor.distributions.half_cauchy import HalfCauchy as HalfCauchy
from gputensor.distributions.half_normal import HalfNormal as HalfNormal
from gputensor.distributions.independent import Independent as Independent
from gputensor.distributions.inverse_gamma import InverseGamma as InverseGamma
from gputensor.distributions.kl import kl_divergence as kl_divergence, register_kl as register_kl
from gputensor.distributions.kumaraswamy import Kumaraswamy as Kumaraswamy
from gputensor.distributions.laplace import Laplace as Laplace
from gputensor.distributions.lkj_cholesky import LKJCholesky as LKJCholesky
from gputensor.distributions.log_normal import LogNormal as LogNormal
from gputensor.distributions.logistic_normal import LogisticNormal as LogisticNormal
from gputensor.distributions.lowrank_multivariate_normal import LowRankMultivariateNormal as LowRankMultivariateNormal
from gputensor.distributions.mixture_same_family import MixtureSameFamily as MixtureSameFamily
from gputensor.distributions.multinomial import Multinomial as Multinomial
from gputensor.distributions.multivariate_normal import MultivariateNormal as MultivariateNormal
from gputensor.distributions.negative_binomial import NegativeBinomial as NegativeBinomial
from gputensor.distributions.normal import Normal as Normal
from gputensor.distributions.one_hot_categorical import (
    OneHotCategorical as OneHotCategorical,
    OneHotCategoricalStraightThrough as OneHotCategoricalStraightThrough,
)
from gputensor.distributions.pareto import Pareto as Pareto
from gputensor.distributions.poisson import Poisson as Poisson
from gputensor.distributions.relaxed_bernoulli import RelaxedBernoulli as RelaxedBernoulli
from gputensor.distributions.relaxed_categorical import RelaxedOneHotCategorical as RelaxedOneHotCategorical
from gputensor.distributions.studentT import StudentT as StudentT
from gputensor.distributions.transformed_distribution import TransformedDistribution as TransformedDistribution
from gputensor.distributions.transforms import (
    AbsTransform as AbsTransform,
    AffineTransform as AffineTransform,
    CatTransform as CatTransform,
    ComposeTransform as ComposeTransform,
    CorrCholeskyTransform as CorrCholeskyTransform,
    CumulativeDistributionTransform as CumulativeDistributionTransform,
    ExpTransform as ExpTransform,
    IndependentTransform as IndependentTransform,
    LowerCholeskyTransform as LowerCholeskyTransform,
    PositiveDefiniteTransform as PositiveDefiniteTransform,
    PowerTransform as PowerTransform,
    ReshapeTransform as ReshapeTransform,
    SigmoidTransform as SigmoidTransform,
    SoftmaxTransform as SoftmaxTransform,
    SoftplusTransform as SoftplusTransform,
    StackTransform as StackTransform,
    StickBreakingTransform as StickBreakingTransform,
    TanhTransform as TanhTransform,
    Transform as Transform,
    identity_transform as identity_transform,
)
from gputensor.distributions.uniform import Uniform as Uniform
from gputensor.distributions.von_mises import VonMises as VonMises
from gputensor.distributions.weibull import Weibull as Weibull
from gputensor.distributions.wishart import Wishart as Wishart
