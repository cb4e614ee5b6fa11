"""Metrics of classes, of probabilities, of regressions and of clusters."""

from sklearn import metrics as m

from tests.science.sklearn_calls.row import ALL, Row

ARANGE = "_classification.py makes `xp.arange(n_classes)` on the default device: call it under `gt.device('cuda')`"

CLASSES = [
    Row("metrics.accuracy_score", "", lambda d: m.accuracy_score(d.y, d.guess), default=ALL),
    Row(
        "metrics.accuracy_score",
        "normalize=False",
        lambda d: m.accuracy_score(d.y, d.guess, normalize=False),
        default=ALL,
    ),
    Row(
        "metrics.accuracy_score",
        "several labels a sample",
        lambda d: m.accuracy_score(d.many, d.many_guess),
        default=ALL,
    ),
    Row("metrics.accuracy_score", "sample_weight", lambda d: m.accuracy_score(d.y, d.guess, sample_weight=d.weight)),
    Row("metrics.balanced_accuracy_score", "", lambda d: m.balanced_accuracy_score(d.y, d.guess), default=ALL),
    Row("metrics.cohen_kappa_score", "", lambda d: m.cohen_kappa_score(d.y, d.guess), default=ALL),
    Row(
        "metrics.cohen_kappa_score",
        'weights="quadratic"',
        lambda d: m.cohen_kappa_score(d.y, d.guess, weights="quadratic"),
        default=ALL,
        gpu=ARANGE,
    ),
    Row("metrics.confusion_matrix", "", lambda d: m.confusion_matrix(d.y, d.guess)),
    Row(
        "metrics.confusion_matrix",
        'normalize="true"',
        lambda d: m.confusion_matrix(d.y, d.guess, normalize="true"),
        default=ALL,
    ),
    Row(
        "metrics.confusion_matrix", "sample_weight", lambda d: m.confusion_matrix(d.y, d.guess, sample_weight=d.weight)
    ),
    Row("metrics.f1_score", "two classes", lambda d: m.f1_score(d.two, d.two_guess), default=ALL),
    Row("metrics.f1_score", "average=None", lambda d: m.f1_score(d.y, d.guess, average=None), default=ALL),
    Row("metrics.f1_score", 'average="weighted"', lambda d: m.f1_score(d.y, d.guess, average="weighted"), default=ALL),
    Row(
        "metrics.f1_score",
        'several labels a sample, average="samples"',
        lambda d: m.f1_score(d.many, d.many_guess, average="samples"),
        default=ALL,
    ),
    Row(
        "metrics.fbeta_score",
        "average=None",
        lambda d: m.fbeta_score(d.y, d.guess, beta=0.5, average=None),
        default=ALL,
    ),
    Row("metrics.hamming_loss", "", lambda d: m.hamming_loss(d.y, d.guess), default=ALL),
    Row(
        "metrics.hamming_loss",
        "several labels a sample",
        lambda d: m.hamming_loss(d.many, d.many_guess, sample_weight=d.weight),
    ),
    Row("metrics.jaccard_score", "average=None", lambda d: m.jaccard_score(d.y, d.guess, average=None), default=ALL),
    Row(
        "metrics.jaccard_score",
        'average="micro"',
        lambda d: m.jaccard_score(d.many, d.many_guess, average="micro"),
        default=ALL,
    ),
    Row("metrics.multilabel_confusion_matrix", "", lambda d: m.multilabel_confusion_matrix(d.many, d.many_guess)),
    Row("metrics.multilabel_confusion_matrix", "classes", lambda d: m.multilabel_confusion_matrix(d.y, d.guess)),
    Row(
        "metrics.precision_recall_fscore_support",
        "",
        lambda d: m.precision_recall_fscore_support(d.y, d.guess),
        default=ALL,
    ),
    Row(
        "metrics.precision_score", "average=None", lambda d: m.precision_score(d.y, d.guess, average=None), default=ALL
    ),
    Row("metrics.recall_score", "average=None", lambda d: m.recall_score(d.y, d.guess, average=None), default=ALL),
    Row(
        "metrics.recall_score",
        'average="macro", sample_weight',
        lambda d: m.recall_score(d.y, d.guess, average="macro", sample_weight=d.weight),
    ),
    Row("metrics.zero_one_loss", "", lambda d: m.zero_one_loss(d.y, d.guess), default=ALL),
]

PROBABILITIES = [
    Row("metrics.average_precision_score", "", lambda d: m.average_precision_score(d.two, d.probability), default=ALL),
    Row(
        "metrics.average_precision_score",
        "average=None",
        lambda d: m.average_precision_score(d.many, d.probabilities, average=None),
        default=ALL,
    ),
    Row("metrics.brier_score_loss", "", lambda d: m.brier_score_loss(d.two, d.probability)),
    Row("metrics.brier_score_loss", "three classes", lambda d: m.brier_score_loss(d.y, d.probabilities)),
    Row("metrics.d2_brier_score", "", lambda d: m.d2_brier_score(d.y, d.probabilities)),
    Row("metrics.d2_log_loss_score", "", lambda d: m.d2_log_loss_score(d.y, d.probabilities), default=ALL),
    Row("metrics.det_curve", "", lambda d: m.det_curve(d.two, d.probability), default=ALL),
    Row("metrics.log_loss", "", lambda d: m.log_loss(d.y, d.probabilities)),
    Row("metrics.log_loss", "sample_weight", lambda d: m.log_loss(d.two, d.probability, sample_weight=d.weight)),
    Row("metrics.precision_recall_curve", "", lambda d: m.precision_recall_curve(d.two, d.probability), default=ALL),
    Row("metrics.roc_curve", "", lambda d: m.roc_curve(d.two, d.probability), default=ALL),
    Row(
        "metrics.roc_curve",
        "drop_intermediate=False, sample_weight",
        lambda d: m.roc_curve(d.two, d.probability, drop_intermediate=False, sample_weight=d.weight),
    ),
    Row("metrics.roc_auc_score", "", lambda d: m.roc_auc_score(d.two, d.probability), default=ALL),
]

REGRESSION = [
    Row("metrics.d2_absolute_error_score", "", lambda d: m.d2_absolute_error_score(d.target, d.predicted)),
    Row(
        "metrics.d2_absolute_error_score",
        'multioutput="raw_values"',
        lambda d: m.d2_absolute_error_score(d.targets, d.predicteds, multioutput="raw_values"),
    ),
    Row(
        "metrics.d2_pinball_score",
        "alpha=0.3, sample_weight",
        lambda d: m.d2_pinball_score(d.target, d.predicted, alpha=0.3, sample_weight=d.weight),
    ),
    Row("metrics.d2_tweedie_score", "power=1.5", lambda d: m.d2_tweedie_score(d.counted, d.rate, power=1.5)),
    Row("metrics.explained_variance_score", "", lambda d: m.explained_variance_score(d.target, d.predicted)),
    Row(
        "metrics.explained_variance_score",
        'multioutput="raw_values"',
        lambda d: m.explained_variance_score(d.targets, d.predicteds, multioutput="raw_values"),
    ),
    Row("metrics.max_error", "", lambda d: m.max_error(d.target, d.predicted)),
    Row("metrics.mean_absolute_error", "", lambda d: m.mean_absolute_error(d.target, d.predicted)),
    Row(
        "metrics.mean_absolute_error",
        'multioutput="raw_values"',
        lambda d: m.mean_absolute_error(d.targets, d.predicteds, multioutput="raw_values"),
    ),
    Row(
        "metrics.mean_absolute_percentage_error", "", lambda d: m.mean_absolute_percentage_error(d.target, d.predicted)
    ),
    Row("metrics.mean_gamma_deviance", "", lambda d: m.mean_gamma_deviance(d.counted, d.rate)),
    Row("metrics.mean_pinball_loss", "alpha=0.3", lambda d: m.mean_pinball_loss(d.target, d.predicted, alpha=0.3)),
    Row("metrics.mean_poisson_deviance", "", lambda d: m.mean_poisson_deviance(d.counted, d.rate)),
    Row("metrics.mean_squared_error", "", lambda d: m.mean_squared_error(d.target, d.predicted)),
    Row(
        "metrics.mean_squared_error",
        'multioutput="raw_values", sample_weight',
        lambda d: m.mean_squared_error(d.targets, d.predicteds, sample_weight=d.weight, multioutput="raw_values"),
    ),
    Row("metrics.mean_squared_log_error", "", lambda d: m.mean_squared_log_error(d.counted, d.rate)),
    Row("metrics.mean_tweedie_deviance", "power=1.5", lambda d: m.mean_tweedie_deviance(d.counted, d.rate, power=1.5)),
    Row("metrics.median_absolute_error", "", lambda d: m.median_absolute_error(d.target, d.predicted)),
    Row(
        "metrics.median_absolute_error",
        'multioutput="raw_values", sample_weight',
        lambda d: m.median_absolute_error(d.targets, d.predicteds, multioutput="raw_values", sample_weight=d.weight),
    ),
    Row("metrics.r2_score", "", lambda d: m.r2_score(d.target, d.predicted)),
    Row(
        "metrics.r2_score",
        'multioutput="raw_values"',
        lambda d: m.r2_score(d.targets, d.predicteds, multioutput="raw_values"),
    ),
    Row("metrics.root_mean_squared_error", "", lambda d: m.root_mean_squared_error(d.target, d.predicted)),
    Row("metrics.root_mean_squared_log_error", "", lambda d: m.root_mean_squared_log_error(d.counted, d.rate)),
]

CLUSTERS = [
    Row("metrics.calinski_harabasz_score", "", lambda d: m.calinski_harabasz_score(d.X, d.y)),
]

METRICS = [*CLASSES, *PROBABILITIES, *REGRESSION, *CLUSTERS]
