"""Proximal policy optimization: actors with Categorical and Normal actions, advantages, clipped losses, minibatches."""

import numpy as np
import torch
import torch.nn as nn
from common import set_weights, show
from torch.distributions import Categorical, Independent, Normal, kl_divergence

rng = np.random.default_rng(3)


def layer_init(layer, std=np.sqrt(2), bias_const=0.0):
    torch.nn.init.orthogonal_(layer.weight, std)
    torch.nn.init.constant_(layer.bias, bias_const)
    return layer


class Agent(nn.Module):
    def __init__(self, obs=4, discrete=3, continuous=2):
        super().__init__()
        self.critic = nn.Sequential(layer_init(nn.Linear(obs, 32)), nn.Tanh(), layer_init(nn.Linear(32, 1), std=1.0))
        self.body = nn.Sequential(layer_init(nn.Linear(obs, 32)), nn.Tanh())
        self.logits = layer_init(nn.Linear(32, discrete), std=0.01)
        self.mean = layer_init(nn.Linear(32, continuous), std=0.01)
        self.logstd = nn.Parameter(torch.zeros(1, continuous))

    def policies(self, x):
        h = self.body(x)
        mean = self.mean(h)
        return Categorical(logits=self.logits(h)), Independent(Normal(mean, self.logstd.expand_as(mean).exp()), 1)

    def evaluate(self, x, choice, force):
        choosing, forcing = self.policies(x)
        logprob = choosing.log_prob(choice) + forcing.log_prob(force)
        return logprob, choosing.entropy() + forcing.entropy(), self.critic(x).squeeze(-1)


agent = Agent()
set_weights(agent)
optimizer = torch.optim.Adam(agent.parameters(), lr=2e-3, eps=1e-5)
steps, envs, gamma, lam, clip = 16, 4, 0.99, 0.95, 0.2
state = torch.from_numpy(rng.normal(size=(envs, 4)).astype(np.float32))
matrix = torch.from_numpy((rng.normal(size=(4, 4)) * 0.3).astype(np.float32))

for update in range(5):
    frac = 1.0 - update / 5
    optimizer.param_groups[0]["lr"] = frac * 2e-3
    obs, choices, forces = torch.zeros(steps, envs, 4), torch.zeros(steps, envs).long(), torch.zeros(steps, envs, 2)
    logprobs, rewards, dones, values = (torch.zeros((steps, envs)) for _ in range(4))
    for t in range(steps):
        obs[t] = state
        with torch.no_grad():
            choosing, forcing = agent.policies(state)
            # the same noise in every library
            u = torch.from_numpy(rng.random((envs, 1)).astype(np.float32))
            choice = (choosing.probs.cumsum(-1) < u).sum(-1).clamp(max=2)
            force = forcing.mean + forcing.stddev * torch.from_numpy(rng.normal(size=(envs, 2)).astype(np.float32))
            logprobs[t], _, values[t] = agent.evaluate(state, choice, force)
        choices[t], forces[t] = choice, force
        state = torch.tanh(state @ matrix + 0.1 * (choice.float() - 1).unsqueeze(1) + 0.1 * force.repeat(1, 2))
        rewards[t] = -(state**2).sum(-1) + 0.1 * (choice == 1)
        dones[t] = (state.abs().max(-1)[0] > 0.8).float()
        state = torch.where(dones[t].bool().unsqueeze(1), torch.zeros_like(state) + 0.5, state)
    with torch.no_grad():
        following, advantages, last = agent.critic(state).reshape(1, -1), torch.zeros_like(rewards), 0
        for t in reversed(range(steps)):
            alive = 1.0 - dones[t]
            value = following if t == steps - 1 else values[t + 1]
            delta = rewards[t] + gamma * value * alive - values[t]
            advantages[t] = last = delta + gamma * lam * alive * last
        returns = advantages + values
    flat = [x.reshape((-1,) + x.shape[2:]) for x in (obs, choices, forces, logprobs, advantages, returns, values)]
    indices = np.arange(steps * envs)
    for epoch in range(2):
        rng.shuffle(indices)
        for start in range(0, steps * envs, 32):
            b_obs, b_choice, b_force, b_old, b_adv, b_ret, b_val = [x[indices[start : start + 32]] for x in flat]
            logprob, entropy, value = agent.evaluate(b_obs, b_choice, b_force)
            logratio = logprob - b_old
            ratio = logratio.exp()
            b_adv = (b_adv - b_adv.mean()) / (b_adv.std() + 1e-8)
            policy = torch.max(-b_adv * ratio, -b_adv * torch.clamp(ratio, 1 - clip, 1 + clip)).mean()
            clipped = b_val + torch.clamp(value - b_val, -clip, clip)
            critic = 0.5 * torch.max((value - b_ret) ** 2, (clipped - b_ret) ** 2).mean()
            loss = policy - 0.01 * entropy.mean() + 0.5 * critic
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
            optimizer.step()
    with torch.no_grad():
        before, (now, _) = Categorical(probs=torch.full((64, 3), 1 / 3)), agent.policies(flat[0])
        kl = kl_divergence(before, now).mean()
        explained = 1 - (flat[5] - flat[6]).var() / flat[5].var()
    show(update, loss=loss.item(), kl=kl, approx=((ratio - 1) - logratio).mean(), explained=explained)
