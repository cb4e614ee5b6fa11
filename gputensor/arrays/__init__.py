"""The array libraries: one namespace a device, each speaking the same closed vocabulary."""
