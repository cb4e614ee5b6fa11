"""Estimators, each in the forms that scikit-learn's page says support the array API."""

from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.frozen import FrozenEstimator
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import (
    LogisticRegression,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    RidgeClassifierCV,
    RidgeCV,
)
from sklearn.mixture import GaussianMixture
from sklearn.naive_bayes import GaussianNB
from sklearn.preprocessing import (
    Binarizer,
    KernelCenterer,
    LabelBinarizer,
    LabelEncoder,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    PolynomialFeatures,
    StandardScaler,
)

from tests.science.sklearn_calls.row import STEPS, Row, asked, asked_labels


def randomized() -> PCA:
    return PCA(3, svd_solver="randomized", power_iteration_normalizer="QR", random_state=0)


def mixture(covariance: str, start: str) -> GaussianMixture:
    return GaussianMixture(3, covariance_type=covariance, init_params=start, random_state=0, max_iter=300)


COVARIANCE = "`_class_cov` in discriminant_analysis.py is written with NumPy, without a namespace"
COLUMNS = "`classes_`, here the numbers of the columns, is made on the default device"
ROUNDS = "each round of expectation and maximization starts from the rounding errors of the last"

DECOMPOSITION = [
    Row("decomposition.PCA", 'svd_solver="full"', lambda d: asked(PCA(3, svd_solver="full"), d.X)),
    Row("decomposition.PCA", 'n_components=0.8, svd_solver="full"', lambda d: asked(PCA(0.8, svd_solver="full"), d.X)),
    Row("decomposition.PCA", 'n_components="mle"', lambda d: asked(PCA("mle", svd_solver="full"), d.X)),
    Row("decomposition.PCA", "whiten=True", lambda d: asked(PCA(3, whiten=True, svd_solver="full"), d.X)),
    Row(
        "decomposition.PCA", 'svd_solver="covariance_eigh"', lambda d: asked(PCA(3, svd_solver="covariance_eigh"), d.X)
    ),
    Row(
        "decomposition.PCA",
        'svd_solver="randomized", power_iteration_normalizer="QR"',
        lambda d: asked(randomized(), d.X),
    ),
    Row("kernel_approximation.Nystroem", "", lambda d: asked(Nystroem(n_components=8, random_state=0), d.X)),
    Row(
        "kernel_approximation.Nystroem",
        'kernel="polynomial"',
        lambda d: asked(Nystroem("polynomial", degree=2, n_components=8, random_state=0), d.X),
    ),
]

LINEAR = [
    Row(
        "linear_model.LogisticRegression",
        "",
        lambda d: asked(LogisticRegression(), d.X, d.y),
        default=("score",),
        rough={"float32": 1e-4},
        unlike=("n_iter_",),
        because=STEPS,
    ),
    Row(
        "linear_model.LogisticRegression",
        "two classes, sample_weight",
        lambda d: asked(LogisticRegression(), d.X, d.two, sample_weight=d.weight),
        default=("score",),
        rough={"float32": 1e-4},
        unlike=("n_iter_",),
        because=STEPS,
    ),
    Row(
        "linear_model.LogisticRegression",
        'class_weight="balanced"',
        lambda d: asked(LogisticRegression(class_weight="balanced"), d.X, d.y),
        default=("score",),
        rough={"float32": 1e-4},
        unlike=("n_iter_",),
        because=STEPS,
    ),
    Row(
        "linear_model.PoissonRegressor",
        "",
        lambda d: asked(PoissonRegressor(), d.X, d.counted),
        rough={"float32": 1e-4},
        unlike=("n_iter_",),
        because=STEPS,
    ),
    Row(
        "linear_model.PoissonRegressor",
        "sample_weight",
        lambda d: asked(PoissonRegressor(), d.X, d.counted, sample_weight=d.weight),
        rough={"float32": 1e-4},
        unlike=("n_iter_",),
        because=STEPS,
    ),
    Row("linear_model.Ridge", 'solver="svd"', lambda d: asked(Ridge(solver="svd"), d.X, d.target)),
    Row("linear_model.Ridge", 'solver="svd", several targets', lambda d: asked(Ridge(solver="svd"), d.X, d.targets)),
    Row(
        "linear_model.Ridge",
        'solver="svd", sample_weight',
        lambda d: asked(Ridge(solver="svd"), d.X, d.target, sample_weight=d.weight),
    ),
    Row(
        "linear_model.Ridge",
        'solver="svd", fit_intercept=False',
        lambda d: asked(Ridge(fit_intercept=False, solver="svd"), d.X, d.target),
    ),
    Row("linear_model.RidgeCV", "", lambda d: asked(RidgeCV(), d.X, d.target)),
    Row(
        "linear_model.RidgeCV",
        'gcv_mode="eigen", store_cv_results=True',
        lambda d: asked(RidgeCV(gcv_mode="eigen", store_cv_results=True), d.X, d.target),
    ),
    Row(
        "linear_model.RidgeCV",
        "alpha_per_target=True",
        lambda d: asked(RidgeCV(alpha_per_target=True), d.X, d.targets),
        default=("alpha_",),
    ),
    Row(
        "linear_model.RidgeClassifier",
        'solver="svd"',
        lambda d: asked(RidgeClassifier(solver="svd"), d.X, d.y),
        default=("score",),
    ),
    Row(
        "linear_model.RidgeClassifier",
        'solver="svd", two classes',
        lambda d: asked(RidgeClassifier(solver="svd"), d.X, d.two),
        default=("score",),
    ),
    Row("linear_model.RidgeClassifierCV", "", lambda d: asked(RidgeClassifierCV(), d.X, d.y), default=("score",)),
    Row(
        "discriminant_analysis.LinearDiscriminantAnalysis",
        'solver="svd"',
        lambda d: asked(LinearDiscriminantAnalysis(), d.X, d.y),
        default=("score",),
    ),
    Row(
        "discriminant_analysis.LinearDiscriminantAnalysis",
        'solver="svd", store_covariance=True',
        lambda d: asked(LinearDiscriminantAnalysis(store_covariance=True), d.X, d.y),
        {"covariance_": COVARIANCE},
        default=("score",),
        gpu=COVARIANCE,
    ),
]

PROBABILITY = [
    Row("naive_bayes.GaussianNB", "", lambda d: asked(GaussianNB(), d.X, d.y), default=("score",)),
    Row(
        "naive_bayes.GaussianNB",
        "sample_weight",
        lambda d: asked(GaussianNB(), d.X, d.y, sample_weight=d.weight),
        default=("score",),
    ),
    *[
        Row(
            "mixture.GaussianMixture",
            said,
            lambda d, covariance=covariance, first=first: asked(mixture(covariance, first), d.X),
            rough={"float32": 1e-4},
            because=ROUNDS,
        )
        for said, covariance, first in (
            ('init_params="random"', "full", "random"),
            ('init_params="random_from_data"', "full", "random_from_data"),
            ('covariance_type="tied"', "tied", "random_from_data"),
            ('covariance_type="diag"', "diag", "random_from_data"),
            ('covariance_type="spherical"', "spherical", "random_from_data"),
        )
    ],
]

PREPROCESSING = [
    Row("preprocessing.Binarizer", "threshold=0.3", lambda d: asked(Binarizer(threshold=0.3), d.X)),
    Row("preprocessing.KernelCenterer", "", lambda d: asked(KernelCenterer(), d.kernel)),
    Row("preprocessing.LabelBinarizer", "", lambda d: asked_labels(LabelBinarizer(), d.y)),
    Row("preprocessing.LabelBinarizer", "two classes", lambda d: asked_labels(LabelBinarizer(), d.two)),
    Row(
        "preprocessing.LabelBinarizer",
        "several labels a sample",
        lambda d: asked_labels(LabelBinarizer(), d.many),
        gpu=COLUMNS,
    ),
    Row("preprocessing.LabelEncoder", "", lambda d: asked_labels(LabelEncoder(), d.y)),
    Row("preprocessing.MaxAbsScaler", "", lambda d: asked(MaxAbsScaler(), d.X)),
    Row("preprocessing.MinMaxScaler", "", lambda d: asked(MinMaxScaler(), d.X)),
    Row("preprocessing.MinMaxScaler", "clip=True", lambda d: asked(MinMaxScaler((-1, 1), clip=True), d.X)),
    Row("preprocessing.Normalizer", 'norm="l2"', lambda d: asked(Normalizer(), d.X)),
    Row("preprocessing.Normalizer", 'norm="l1"', lambda d: asked(Normalizer("l1"), d.X)),
    Row("preprocessing.Normalizer", 'norm="max"', lambda d: asked(Normalizer("max"), d.X)),
    Row("preprocessing.PolynomialFeatures", "degree=3", lambda d: asked(PolynomialFeatures(3), d.X)),
    Row(
        "preprocessing.PolynomialFeatures",
        "interaction_only=True, include_bias=False",
        lambda d: asked(PolynomialFeatures(2, interaction_only=True, include_bias=False), d.X),
    ),
    Row("preprocessing.StandardScaler", "", lambda d: asked(StandardScaler(), d.X)),
    Row(
        "preprocessing.StandardScaler", "sample_weight", lambda d: asked(StandardScaler(), d.X, sample_weight=d.weight)
    ),
    Row(
        "frozen.FrozenEstimator",
        "of Ridge",
        lambda d: asked(FrozenEstimator(Ridge(solver="svd").fit(d.X, d.target)), d.X, d.target),
    ),
]

ESTIMATORS = [*DECOMPOSITION, *LINEAR, *PROBABILITY, *PREPROCESSING]
