"""Tools: splitting, cross-validation, labels."""

from typing import Any

from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_predict, cross_val_score, cross_validate, train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.preprocessing import label_binarize
from sklearn.utils import check_consistent_length

from tests.science.sklearn_calls.row import Row


def validated(d: Any) -> dict[str, Any]:
    """cross_validate without its times."""
    result = cross_validate(Ridge(solver="svd"), d.X, d.target, cv=3, scoring=("r2", "neg_mean_squared_error"))
    return {name: value for name, value in result.items() if name.startswith("test_")}


FOLDS = "one Python number a fold, put into a NumPy array"

TOOLS = [
    Row(
        "model_selection.cross_val_predict",
        "of Ridge",
        lambda d: cross_val_predict(Ridge(solver="svd"), d.X, d.target, cv=3),
    ),
    Row(
        "model_selection.cross_val_predict",
        'of GaussianNB, method="predict_proba"',
        lambda d: cross_val_predict(GaussianNB(), d.X, d.y, cv=3, method="predict_proba"),
    ),
    Row(
        "model_selection.cross_val_score",
        "of Ridge",
        lambda d: cross_val_score(Ridge(solver="svd"), d.X, d.target, cv=3),
        {"": FOLDS},
    ),
    Row("model_selection.cross_validate", "of Ridge", validated, {"": FOLDS}),
    Row("model_selection.train_test_split", "", lambda d: train_test_split(d.X, d.y, random_state=0)),
    Row(
        "model_selection.train_test_split",
        "stratify",
        lambda d: train_test_split(d.X, d.y, random_state=0, stratify=d.y),
    ),
    Row("preprocessing.label_binarize", "", lambda d: label_binarize(d.y, classes=[0, 1, 2])),
    Row("utils.check_consistent_length", "", lambda d: check_consistent_length(d.X, d.y, d.weight)),
]
