"""Nothing here is collected for doctests: importing it imports scikit-learn, which wants SCIPY_ARRAY_API set before."""

collect_ignore_glob = ["*.py"]
