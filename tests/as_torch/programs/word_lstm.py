"""A word-level LSTM: hidden states that are carried over and detached, clipping, a plateau scheduler."""

import math

import numpy as np
import torch
import torch.nn as nn
from common import set_weights, show
from torch.autograd import Variable

torch.manual_seed(1111)


class RNNModel(nn.Module):
    def __init__(self, rnn_type, ntoken, ninp, nhid, nlayers, tie_weights=False):
        super(RNNModel, self).__init__()
        self.encoder_emb = nn.Embedding(ntoken, ninp)
        self.rnn = getattr(nn, rnn_type)(ninp, nhid, nlayers, dropout=0.0)
        self.decoder_emb = nn.Linear(nhid, ntoken)
        if tie_weights:
            self.decoder_emb.weight = self.encoder_emb.weight
        self.init_weights()
        self.nhid, self.nlayers, self.ntoken = nhid, nlayers, ntoken

    def init_weights(self):
        initrange = 0.1
        nn.init.uniform_(self.encoder_emb.weight, -initrange, initrange)
        self.decoder_emb.bias.data.zero_()
        self.decoder_emb.weight.data.uniform_(-initrange, initrange)

    def forward(self, input, hidden):
        output, hidden = self.rnn(self.encoder_emb(input), hidden)
        decoded = self.decoder_emb(output).view(-1, self.ntoken)
        return nn.functional.log_softmax(decoded, dim=1), hidden

    def init_hidden(self, bsz):
        weight = next(self.parameters())
        return weight.new_zeros(self.nlayers, bsz, self.nhid), weight.new_zeros(self.nlayers, bsz, self.nhid)


def batchify(data, bsz):
    nbatch = data.size(0) // bsz
    data = data.narrow(0, 0, nbatch * bsz)
    return data.view(bsz, -1).t().contiguous()


def repackage_hidden(h):
    if isinstance(h, torch.Tensor):
        return h.detach()
    return tuple(repackage_hidden(v) for v in h)


def get_batch(source, i, bptt=8):
    seq_len = min(bptt, len(source) - 1 - i)
    return source[i : i + seq_len], source[i + 1 : i + 1 + seq_len].view(-1)


ids = torch.LongTensor(np.tile(np.random.default_rng(3).integers(0, 40, 61), 8).tolist())
train_data = batchify(ids, 4)
model = RNNModel("LSTM", 40, 16, 16, 2, tie_weights=True)
set_weights(model)
criterion = nn.NLLLoss()
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.05)
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, "min", factor=0.5, patience=0)
lr = 2.0
model.train()
for epoch in range(2):
    hidden = model.init_hidden(4)
    total_loss = 0.0
    for batch, i in enumerate(range(0, train_data.size(0) - 1, 8)):
        data, targets = get_batch(train_data, i)
        model.zero_grad()
        hidden = repackage_hidden(hidden)
        output, hidden = model(Variable(data), hidden)
        loss = criterion(output, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        if epoch == 0:
            for p in model.parameters():
                p.data.add_(p.grad, alpha=-lr)
        else:
            optimizer.step()
        total_loss += loss.data
        show(epoch * 100 + batch, loss=loss.item())
    scheduler.step(total_loss)
    show(epoch * 100 + 99, ppl=math.exp(total_loss.item() / (batch + 1)), lr=optimizer.param_groups[0]["lr"])
