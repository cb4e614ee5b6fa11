"""Nodes of a graph classified by attention over neighbours, summed with scatter and index_add."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from common import set_weights, show
from torch.nn import Parameter


class GraphConvolution(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = Parameter(torch.FloatTensor(in_features, out_features))
        if bias:
            self.bias = Parameter(torch.FloatTensor(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        stdv = 1.0 / self.weight.size(1) ** 0.5
        self.weight.data.uniform_(-stdv, stdv)
        if self.bias is not None:
            self.bias.data.fill_(0.0)

    def forward(self, input, adj):
        output = torch.mm(adj, torch.mm(input, self.weight))
        return output if self.bias is None else output + self.bias


class EdgeAttention(nn.Module):
    """Attention over the edges of each node: softmax by index, as in message-passing libraries."""

    def __init__(self, features, heads):
        super().__init__()
        self.heads, self.size = heads, features // heads
        self.lin = nn.Linear(features, features, bias=False)
        self.att = Parameter(torch.zeros(1, heads, 2 * self.size))

    def forward(self, x, edges):
        src, dst = edges
        h = self.lin(x).view(-1, self.heads, self.size)
        e = F.leaky_relu((torch.cat([h[src], h[dst]], dim=-1) * self.att).sum(-1), 0.2)
        index = dst.unsqueeze(-1).expand_as(e)
        top = torch.full((len(x), self.heads), float("-inf")).scatter_reduce(0, index, e, "amax", include_self=False)
        e = torch.exp(e - top.detach()[dst])
        total = torch.zeros(len(x), self.heads).scatter_add_(0, index, e)
        alpha = e / (total[dst] + 1e-16)
        out = torch.zeros_like(h).index_add(0, dst, alpha.unsqueeze(-1) * h[src])
        return F.elu(out.reshape(len(x), -1))


class Net(nn.Module):
    def __init__(self, nfeat, nhid, nclass):
        super().__init__()
        self.gc1 = GraphConvolution(nfeat, nhid)
        self.attention = EdgeAttention(nhid, 4)
        self.gc2 = GraphConvolution(nhid, nclass)

    def forward(self, x, adj, edges):
        x = F.relu(self.gc1(x, adj))
        x = x + self.attention(x, edges)
        return F.log_softmax(self.gc2(x, adj), dim=1)


def accuracy(output, labels):
    preds = output.max(1)[1].type_as(labels)
    return preds.eq(labels).double().sum() / len(labels)


rng = np.random.default_rng(0)
n = 40
labels = torch.LongTensor(np.arange(n) % 4)
likely = np.where(np.arange(n)[:, None] % 4 == np.arange(n)[None] % 4, 0.4, 0.03)
adj = torch.FloatTensor(np.maximum((rng.random((n, n)) < likely).astype(np.float32), np.eye(n)))
adj = torch.max(adj, adj.t())
edges = adj.nonzero().t().contiguous()
assert edges.dtype == torch.int64
adj = adj / adj.sum(1, keepdim=True)
features = torch.FloatTensor(rng.random((n, 20)))
idx_train, idx_val = torch.arange(24), torch.LongTensor(range(24, n))
model = Net(20, 16, 4)
set_weights(model)
optimizer = torch.optim.Adam(model.parameters(), lr=0.02, weight_decay=5e-4)
for epoch in range(12):
    model.train()
    optimizer.zero_grad()
    output = model(features, adj, edges)
    loss_train = F.nll_loss(output[idx_train], labels[idx_train])
    loss_train.backward()
    optimizer.step()
    with torch.no_grad():
        model.eval()
        loss_val = F.nll_loss(model(features, adj, edges)[idx_val], labels[idx_val])
    assert 0 <= accuracy(output[idx_val], labels[idx_val]).item() <= 1
    show(epoch, loss=loss_train.item(), val=loss_val.item())
