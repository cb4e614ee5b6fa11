"""Sequences reversed by a GRU encoder over packed sequences and a GRU decoder with attention."""

import numpy as np
import torch
import torch.nn.functional as F
from common import set_weights, show
from torch import nn, optim
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

PAD, SOS, EOS = 0, 1, 2
device = "cuda" if torch.cuda.is_available() else "cpu"


class Encoder(nn.Module):
    def __init__(self, vocab, hidden):
        super().__init__()
        self.emb = nn.Embedding(vocab, hidden, padding_idx=PAD)
        self.gru = nn.GRU(hidden, hidden, batch_first=True, bidirectional=True)
        self.bridge = nn.Linear(2 * hidden, hidden)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.emb(x), lengths.cpu(), batch_first=True, enforce_sorted=False)
        out, h = self.gru(packed)
        out, _ = pad_packed_sequence(out, batch_first=True)
        return self.bridge(out), torch.tanh(self.bridge(torch.cat([h[0], h[1]], dim=-1))).unsqueeze(0)


class BahdanauAttention(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.Wa, self.Ua, self.Va = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, 1)

    def forward(self, query, keys, mask):
        scores = self.Va(torch.tanh(self.Wa(query) + self.Ua(keys))).squeeze(2).unsqueeze(1)
        scores = scores.masked_fill(~mask.unsqueeze(1), torch.finfo(scores.dtype).min)
        weights = F.softmax(scores, dim=-1)
        return torch.bmm(weights, keys), weights


class Decoder(nn.Module):
    def __init__(self, vocab, hidden):
        super().__init__()
        self.emb = nn.Embedding(vocab, hidden)
        self.attention = BahdanauAttention(hidden)
        self.cell = nn.GRUCell(2 * hidden, hidden)
        self.out = nn.Linear(hidden, vocab)

    def forward(self, keys, hidden, mask, target):
        token = torch.empty(keys.size(0), 1, dtype=torch.long, device=device).fill_(SOS)
        outputs, h = [], hidden[0]
        for i in range(target.size(1)):
            context, _ = self.attention(h.unsqueeze(1), keys, mask)
            h = self.cell(torch.cat((self.emb(token), context), dim=2).squeeze(1), h)
            outputs.append(self.out(h))
            if i % 2:
                token = target[:, i].unsqueeze(1)  # teacher forcing
            else:
                _, topi = outputs[-1].topk(1)
                token = topi.detach()
        return F.log_softmax(torch.stack(outputs, dim=1), dim=-1)


rng = np.random.default_rng(0)
encoder, decoder = Encoder(12, 16).to(device), Decoder(12, 16).to(device)
set_weights(encoder, decoder)
params = list(encoder.parameters()) + list(decoder.parameters())
optimizer = optim.RMSprop(params, lr=3e-3, alpha=0.95, centered=True)
criterion = nn.NLLLoss(ignore_index=PAD)
for step in range(12):
    words = [torch.as_tensor(rng.integers(3, 12, rng.integers(2, 7))) for _ in range(8)]
    lengths = torch.tensor([len(w) for w in words])
    source = pad_sequence(words, batch_first=True, padding_value=PAD)
    target = pad_sequence([torch.cat([w.flip(0), torch.tensor([EOS])]) for w in words], batch_first=True)
    keys, hidden = encoder(source.to(device), lengths)
    output = decoder(keys, hidden, source != PAD, target)
    loss = criterion(output.view(-1, output.size(-1)), target.view(-1))
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_value_(params, 0.5)
    optimizer.step()
    show(step, loss=loss.item())
