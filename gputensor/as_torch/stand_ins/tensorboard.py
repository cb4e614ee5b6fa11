"""`torch.utils.tensorboard`: importing it fails without the package that writes, as programs catch just that."""

from __future__ import annotations

from gputensor.utils.tensorboard.writer import package

package()
