"""A script for several processes, started as one: process group, distributed model, sampler and reductions."""

import os
import tempfile

import numpy as np
import torch
import torch.distributed as dist
import torch.nn as nn
from common import set_weights, show
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler

rank, world_size = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
store = tempfile.NamedTemporaryFile()
backend = "nccl" if torch.cuda.is_available() and dist.is_nccl_available() else "gloo"
dist.init_process_group(backend, init_method=f"file://{store.name}", rank=rank, world_size=world_size)
assert dist.is_initialized() and dist.get_world_size() == 1

rng = np.random.default_rng(70)
x = torch.from_numpy(rng.normal(size=(64, 6)).astype(np.float32))
y = (x[:, :2].sum(1, keepdim=True) > 0).float()
dataset = TensorDataset(x, y)
sampler = DistributedSampler(dataset, shuffle=False)
loader = DataLoader(dataset, batch_size=16, sampler=sampler)
net = nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 1)))
set_weights(net)
model = DDP(net)
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(1.5))
for epoch in range(3):
    sampler.set_epoch(epoch)
    total = torch.zeros(2)
    for data, target in loader:
        with model.no_sync():
            loss = criterion(model(data), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += torch.tensor([loss.item() * len(data), len(data)])
    dist.all_reduce(total, op=dist.ReduceOp.SUM)
    gathered = [torch.zeros(2) for _ in range(dist.get_world_size())]
    dist.all_gather(gathered, total)
    assert torch.equal(gathered[0], total)
    dist.barrier()
    if dist.get_rank() == 0:
        show(epoch, loss=total[0] / total[1])
assert all(name.startswith("module.") for name in model.state_dict())
dist.destroy_process_group()
