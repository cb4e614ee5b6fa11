"""An actor and critic, and a Q-network with its target, in a corridor of our own."""

import random
from collections import deque, namedtuple
from itertools import count

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from common import set_weights, show
from torch.distributions import Categorical

Transition = namedtuple("Transition", ("state", "action", "next_state", "reward"))
rng = np.random.default_rng(21)
random.seed(7)


class Corridor:
    """Walk right to the end: a reward of 1 there, a small loss for each step."""

    def reset(self, seed=None):
        self.place, self.steps = 2, 0
        return self.observe()

    def observe(self):
        return np.eye(6, dtype=np.float32)[self.place]

    def step(self, action):
        self.place = max(0, self.place + (1 if action else -1))
        self.steps += 1
        done = self.place == 5 or self.steps == 12
        return self.observe(), 1.0 if self.place == 5 else -0.05, done, {}


class Policy(nn.Module):
    def __init__(self):
        super(Policy, self).__init__()
        self.affine1 = nn.Linear(6, 16)
        self.action_head = nn.Linear(16, 2)
        self.value_head = nn.Linear(16, 1)
        self.saved_actions, self.rewards = [], []

    def forward(self, x):
        x = F.relu(self.affine1(x))
        return F.softmax(self.action_head(x), dim=-1), self.value_head(x)


def select_action(model, state):
    probs, value = model(torch.from_numpy(state).float())
    m = Categorical(probs)
    action = torch.tensor(int(rng.random() < probs[1].item()))
    model.saved_actions.append((m.log_prob(action), value, m.entropy()))
    return action.item()


def finish_episode(model, optimizer):
    R, returns = 0, []
    for r in model.rewards[::-1]:
        R = r + 0.99 * R
        returns.insert(0, R)
    returns = torch.tensor(returns)
    returns = (returns - returns.mean()) / (returns.std() + np.finfo(np.float32).eps.item())
    policy_losses, value_losses = [], []
    for (log_prob, value, entropy), R in zip(model.saved_actions, returns):
        advantage = R - value.item()
        policy_losses.append(-log_prob * advantage - 0.01 * entropy)
        value_losses.append(F.smooth_l1_loss(value, torch.tensor([R])))
    optimizer.zero_grad()
    loss = torch.stack(policy_losses).sum() + torch.stack(value_losses).sum()
    loss.backward()
    optimizer.step()
    del model.rewards[:]
    del model.saved_actions[:]
    return loss


env = Corridor()
model = Policy()
set_weights(model)
optimizer = optim.Adam(model.parameters(), lr=3e-2)
for i_episode in range(8):
    state = env.reset(seed=i_episode)
    for _ in count():
        state, reward, done, _ = env.step(select_action(model, state))
        model.rewards.append(reward)
        if done:
            break
    show(i_episode, loss=finish_episode(model, optimizer))

memory = deque([], maxlen=100)
policy_net, target_net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 2)), None
set_weights(policy_net, seed=1)
target_net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 2))
target_net.load_state_dict(policy_net.state_dict())
optimizer = optim.AdamW(policy_net.parameters(), lr=1e-2, amsgrad=True)
state = torch.tensor(env.reset(), dtype=torch.float32).unsqueeze(0)
for step in range(40):
    action = torch.tensor([[random.randrange(2)]], dtype=torch.long)
    observation, reward, done, _ = env.step(action.item())
    next_state = None if done else torch.tensor(observation, dtype=torch.float32).unsqueeze(0)
    memory.append(Transition(state, action, next_state, torch.tensor([reward])))
    state = torch.tensor(env.reset()).unsqueeze(0) if done else next_state
    if len(memory) < 16:
        continue
    batch = Transition(*zip(*random.sample(memory, 16)))
    non_final = torch.tensor(tuple(s is not None for s in batch.next_state), dtype=torch.bool)
    q = policy_net(torch.cat(batch.state)).gather(1, torch.cat(batch.action))
    next_values = torch.zeros(16)
    with torch.no_grad():
        next_values[non_final] = target_net(torch.cat([s for s in batch.next_state if s is not None])).max(1).values
    loss = nn.SmoothL1Loss()(q, (next_values * 0.9 + torch.cat(batch.reward)).unsqueeze(1))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_value_(policy_net.parameters(), 100)
    optimizer.step()
    weights = target_net.state_dict()
    for key in weights:
        weights[key] = policy_net.state_dict()[key] * 0.05 + weights[key] * 0.95
    target_net.load_state_dict(weights)
    if step % 4 == 0:
        show(100 + step, q=loss.item())
