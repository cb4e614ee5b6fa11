"""All rows, in the groups of scikit-learn's page."""

from tests.science.sklearn_calls.estimators import ESTIMATORS
from tests.science.sklearn_calls.meta_estimators import META_ESTIMATORS
from tests.science.sklearn_calls.metrics import METRICS
from tests.science.sklearn_calls.pairwise import PAIRWISE
from tests.science.sklearn_calls.tools import TOOLS

GROUPS = {
    "Estimators": ESTIMATORS,
    "Meta-estimators and pipelines": META_ESTIMATORS,
    "Metrics": METRICS,
    "Kernels and distances": PAIRWISE,
    "Tools": TOOLS,
}
ROWS = [row for rows in GROUPS.values() for row in rows]
