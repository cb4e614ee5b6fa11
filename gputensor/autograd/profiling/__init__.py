"""What ran, how long, with how much memory: recorded by the observers of `apply` and the engine, shown as tables."""
