"""What scikit-learn 1.9.1 lists on its page "Array API support" (doc/modules/array_api.rst), without "sklearn."."""

RELEASE = "1.9.1"

ESTIMATORS = (
    "decomposition.PCA", "discriminant_analysis.LinearDiscriminantAnalysis", "kernel_approximation.Nystroem",
    "linear_model.LogisticRegression", "linear_model.PoissonRegressor", "linear_model.Ridge",
    "linear_model.RidgeCV", "linear_model.RidgeClassifier", "linear_model.RidgeClassifierCV",
    "mixture.GaussianMixture", "naive_bayes.GaussianNB", "preprocessing.Binarizer", "preprocessing.KernelCenterer",
    "preprocessing.LabelBinarizer", "preprocessing.LabelEncoder", "preprocessing.MaxAbsScaler",
    "preprocessing.MinMaxScaler", "preprocessing.Normalizer", "preprocessing.PolynomialFeatures",
    "preprocessing.StandardScaler",
)  # fmt: skip

META_ESTIMATORS = (
    "calibration.CalibratedClassifierCV", "model_selection.GridSearchCV", "model_selection.HalvingGridSearchCV",
    "model_selection.HalvingRandomSearchCV", "model_selection.RandomizedSearchCV", "pipeline.FeatureUnion",
)  # fmt: skip

METRICS = (
    "metrics.accuracy_score", "metrics.average_precision_score", "metrics.balanced_accuracy_score",
    "metrics.brier_score_loss", "metrics.calinski_harabasz_score", "metrics.cohen_kappa_score",
    "metrics.confusion_matrix", "metrics.d2_absolute_error_score", "metrics.d2_brier_score",
    "metrics.d2_log_loss_score", "metrics.d2_pinball_score", "metrics.d2_tweedie_score", "metrics.det_curve",
    "metrics.explained_variance_score", "metrics.f1_score", "metrics.fbeta_score", "metrics.hamming_loss",
    "metrics.jaccard_score", "metrics.log_loss", "metrics.max_error", "metrics.mean_absolute_error",
    "metrics.mean_absolute_percentage_error", "metrics.mean_gamma_deviance", "metrics.mean_pinball_loss",
    "metrics.mean_poisson_deviance", "metrics.mean_squared_error", "metrics.mean_squared_log_error",
    "metrics.mean_tweedie_deviance", "metrics.median_absolute_error", "metrics.multilabel_confusion_matrix",
    "metrics.precision_recall_curve", "metrics.precision_recall_fscore_support", "metrics.precision_score",
    "metrics.r2_score", "metrics.recall_score", "metrics.roc_curve", "metrics.root_mean_squared_error",
    "metrics.root_mean_squared_log_error", "metrics.zero_one_loss",
)  # fmt: skip

PAIRWISE = (
    "metrics.pairwise.additive_chi2_kernel", "metrics.pairwise.chi2_kernel", "metrics.pairwise.cosine_distances",
    "metrics.pairwise.cosine_similarity", "metrics.pairwise.euclidean_distances",
    "metrics.pairwise.laplacian_kernel", "metrics.pairwise.linear_kernel", "metrics.pairwise.manhattan_distances",
    "metrics.pairwise.paired_cosine_distances", "metrics.pairwise.paired_euclidean_distances",
    "metrics.pairwise.paired_manhattan_distances", "metrics.pairwise.pairwise_kernels",
    "metrics.pairwise.polynomial_kernel", "metrics.pairwise.rbf_kernel", "metrics.pairwise.sigmoid_kernel",
    "metrics.pairwise_distances", "metrics.pairwise_distances_argmin",
)  # fmt: skip

TOOLS = (
    "model_selection.cross_val_predict", "model_selection.train_test_split", "preprocessing.label_binarize",
    "utils.check_consistent_length",
)  # fmt: skip

LISTED = (*ESTIMATORS, *META_ESTIMATORS, *METRICS, *PAIRWISE, *TOOLS)
