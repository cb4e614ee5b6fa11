"""Estimators of estimators, and pipelines."""

from typing import Any

from sklearn.calibration import CalibratedClassifierCV
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    RandomizedSearchCV,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, StandardScaler

from tests.science.sklearn_calls.row import METHODS, STEPS, Row, asked, fitted

ALPHAS = {"alpha": [0.01, 1.0, 100.0]}
SMOOTHING = {"var_smoothing": [1e-9, 1e-3, 1.0]}


def searched(search: Any, X: Any, y: Any) -> dict[str, Any]:
    """What a search finds, how it scored each candidate, and what the best estimator says."""
    search.fit(X, y)
    tables = {name: value for name, value in search.cv_results_.items() if name.endswith("_score")}
    said = {"best_params_": search.best_params_, "best_score_": search.best_score_, "cv_results_": tables}
    methods = {name: getattr(search, name)(X) for name in METHODS if hasattr(search, name)}
    return {**said, **fitted(search.best_estimator_), **methods, "score": search.score(X, y)}


def calibrated(d: Any) -> dict[str, Any]:
    model = CalibratedClassifierCV(LinearDiscriminantAnalysis(), method="temperature", cv=3).fit(d.X, d.y)
    return {name: getattr(model, name)(d.X) for name in ("predict", "predict_proba")} | {"classes_": model.classes_}


def union() -> FeatureUnion:
    return FeatureUnion([("parts", PCA(2, svd_solver="full")), ("scaled", StandardScaler())])


def last(pipeline: Pipeline, X: Any, y: Any) -> dict[str, Any]:
    """What a pipeline says, and the attributes of its last step."""
    said = asked(pipeline, X, y)
    return {**said, **fitted(pipeline[-1])}


SCORES = {"cv_results_": "the table of a search is of NumPy arrays, whatever the data are"}

SEARCHED = "the temperature is found by a bounded search that stops within its own tolerance of the minimum"

META_ESTIMATORS = [
    Row(
        "calibration.CalibratedClassifierCV",
        'method="temperature"',
        calibrated,
        default=("predict_proba",),
        rough={"float64": 1e-6, "float32": 1e-3},
        because=SEARCHED,
    ),
    Row(
        "model_selection.GridSearchCV",
        "of Ridge",
        lambda d: searched(GridSearchCV(Ridge(solver="svd"), ALPHAS, cv=3), d.X, d.target),
        SCORES,
    ),
    Row(
        "model_selection.GridSearchCV",
        "of GaussianNB",
        lambda d: searched(GridSearchCV(GaussianNB(), SMOOTHING, cv=3), d.X, d.y),
        SCORES,
        default=("cv_results_", "best_score_", "score"),
    ),
    Row(
        "model_selection.RandomizedSearchCV",
        "of Ridge",
        lambda d: searched(
            RandomizedSearchCV(Ridge(solver="svd"), ALPHAS, n_iter=2, cv=3, random_state=0), d.X, d.target
        ),
        SCORES,
    ),
    Row(
        "model_selection.HalvingGridSearchCV",
        "of Ridge",
        lambda d: searched(HalvingGridSearchCV(Ridge(solver="svd"), ALPHAS, cv=3, random_state=0), d.X, d.target),
        SCORES,
    ),
    Row(
        "model_selection.HalvingRandomSearchCV",
        "of Ridge",
        lambda d: searched(
            HalvingRandomSearchCV(Ridge(solver="svd"), ALPHAS, cv=3, n_candidates=3, random_state=0), d.X, d.target
        ),
        SCORES,
    ),
    Row("pipeline.FeatureUnion", "of PCA and StandardScaler", lambda d: asked(union(), d.X)),
    Row(
        "pipeline.Pipeline",
        "StandardScaler, PCA, Ridge",
        lambda d: last(make_pipeline(StandardScaler(), PCA(3, svd_solver="full"), Ridge(solver="svd")), d.X, d.target),
    ),
    Row(
        "pipeline.Pipeline",
        "MinMaxScaler, PolynomialFeatures, LogisticRegression",
        lambda d: last(make_pipeline(MinMaxScaler(), PolynomialFeatures(2), LogisticRegression()), d.X, d.y),
        default=("score",),
        rough={"float32": 1e-3},
        unlike=("n_iter_",),
        because=STEPS,
    ),
]
