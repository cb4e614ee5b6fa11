"""Calls of scikit-learn: the rows, by subject. `listed` imports nothing; the others import scikit-learn."""
