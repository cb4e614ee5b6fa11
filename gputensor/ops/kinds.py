"""What a tensor is not: the kinds of tensors that PyTorch knows beside dense ones on the CPU and CUDA."""

from __future__ import annotations


class KindMethods:
    """Questions that programs ask of any tensor; all answers are False."""

    __slots__ = ()

    @property
    def is_sparse(self) -> bool:
        """False: there are no sparse tensors."""
        return False

    @property
    def is_sparse_csr(self) -> bool:
        """False: there are no sparse tensors."""
        return False

    @property
    def is_quantized(self) -> bool:
        """False: there are no quantized tensors."""
        return False

    @property
    def is_mkldnn(self) -> bool:
        """False: there are no tensors in oneDNN's layouts."""
        return False

    @property
    def is_nested(self) -> bool:
        """False: there are no nested tensors."""
        return False

    @property
    def is_meta(self) -> bool:
        """False: every tensor has memory."""
        return False

    @property
    def is_mps(self) -> bool:
        """False: Apple's GPUs are not supported."""
        return False

    @property
    def is_xpu(self) -> bool:
        """False: Intel's GPUs are not supported."""
        return False

    @property
    def is_xla(self) -> bool:
        """False: there are no XLA devices."""
        return False

    @property
    def is_ipu(self) -> bool:
        """False: there are no IPUs."""
        return False

    @property
    def is_maia(self) -> bool:
        """False: there are no such devices."""
        return False

    @property
    def is_mtia(self) -> bool:
        """False: there are no such devices."""
        return False

    @property
    def is_vulkan(self) -> bool:
        """False: there are no Vulkan devices."""
        return False

    def is_distributed(self) -> bool:
        """False: no tensor is spread over several processes."""
        return False

    def is_inference(self) -> bool:
        """False: results of `inference_mode` are ordinary tensors."""
        return False

    def is_shared(self) -> bool:
        """False: memory is not shared between processes."""
        return False
