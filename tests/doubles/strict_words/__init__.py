"""The vocabulary over array-api-strict, a family a file. `tests.doubles.strict` joins them."""
