"""scikit-learn as it comes, without array_api_dispatch: its metrics take tensors on the CPU as arrays."""

import numpy as np
import pytest

import gputensor as gt

LABELS = np.array([True, False, True, True, False, True])
SCORES = np.array([0.9, 0.4, 0.35, 0.8, 0.1, 0.3], np.float32)


@pytest.mark.parametrize("labels", [LABELS, LABELS.astype(np.int64), LABELS.astype(np.float32)])
@pytest.mark.parametrize(
    "name",
    [
        "roc_curve",
        "precision_recall_curve",
        "det_curve",
        "roc_auc_score",
        "average_precision_score",
        "brier_score_loss",
    ],
)
def test_scores_of_tensors_are_those_of_arrays(name, labels):
    metric = getattr(pytest.importorskip("sklearn.metrics"), name)
    expected = metric(labels, SCORES)
    got = metric(gt.from_numpy(labels), gt.from_numpy(SCORES))
    pairs = zip(got, expected, strict=True) if isinstance(expected, tuple) else [(got, expected)]
    for one, other in pairs:
        np.testing.assert_allclose(one, other, rtol=1e-6)
