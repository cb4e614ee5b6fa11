"""The main job: a small convolutional network learns handwritten digits, on the GPU where there is one and on the CPU
where there is none.

``python -m gputensor.demo`` runs it; `train` is the part to reuse.
"""

from gputensor.demo._training import Result as Result, train as train
