"""Functions of the top level under the path that PyTorch has them."""

from gputensor.ops.contraction import einsum as einsum, tensordot as tensordot
from gputensor.ops.distances import cdist as cdist
from gputensor.ops.dynamic import unique as unique, unique_consecutive as unique_consecutive
from gputensor.ops.expanding import broadcast_shapes as broadcast_shapes, broadcast_tensors as broadcast_tensors
from gputensor.ops.flat_places import unravel_index as unravel_index
from gputensor.ops.joining import block_diag as block_diag, cartesian_prod as cartesian_prod, meshgrid as meshgrid
from gputensor.ops.low_rank import pca_lowrank as pca_lowrank, svd_lowrank as svd_lowrank
from gputensor.ops.norms import norm as norm
from gputensor.ops.several_products import chain_matmul as chain_matmul
from gputensor.ops.shape import atleast_1d as atleast_1d, atleast_2d as atleast_2d, atleast_3d as atleast_3d
from gputensor.ops.spectrograms import istft as istft, stft as stft
from gputensor.ops.splitting import split as split
from gputensor.ops.triangular_factors import lu as lu
