"""Calls of scikit-learn: one row a documented name and form, `call(d)` for arrays of any namespace."""

from tests.science.sklearn_calls.estimators import ESTIMATORS
from tests.science.sklearn_calls.meta_estimators import META_ESTIMATORS
from tests.science.sklearn_calls.metrics import METRICS
from tests.science.sklearn_calls.pairwise import PAIRWISE
from tests.science.sklearn_calls.tools import TOOLS

ROWS = [*ESTIMATORS, *META_ESTIMATORS, *METRICS, *PAIRWISE, *TOOLS]
