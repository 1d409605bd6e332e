"""losses.safetensors: adversarial losses on logits, gradient penalties on whole critics."""
import numpy
import torch
import torch.nn.functional as F
from torch import nn

from recording import channels_first, channels_last, kernel_first, kernel_shape, random, record


def adversarial_losses(file):
    """`<loss>.discriminator` of x = logits of real, x2 = logits of fake; `<loss>.generator` of x = logits of fake. y is the value."""
    log_sigmoid = F.logsigmoid  # log(1 - sigmoid(t)) = log_sigmoid(-t)

    def logistic_discriminator(real, fake):
        return -log_sigmoid(real).mean() - log_sigmoid(-fake).mean()

    losses = {
        "minimax": (logistic_discriminator, lambda fake: log_sigmoid(-fake).mean()),
        "nonsaturating": (logistic_discriminator, lambda fake: -log_sigmoid(fake).mean()),
        "wasserstein": (lambda real, fake: fake.mean() - real.mean(), lambda fake: -fake.mean()),
    }
    for name, (discriminator, generator) in losses.items():
        real, fake = 2 * random(f"{name}.real", 6, 1), 2 * random(f"{name}.fake", 6, 1)
        record(file, f"{name}.discriminator", discriminator, [real, fake], loss=name)
        record(file, f"{name}.generator", generator, [fake], loss=name)


class FlattenChannelsLast(nn.Module):
    def forward(self, x):
        return channels_last(x).flatten(1)


def mlp_critic():
    return nn.Sequential(nn.Linear(6, 8), nn.LeakyReLU(0.2), nn.Linear(8, 7), nn.Tanh(), nn.Linear(7, 1))


def convolution_critic():
    """Images [N, 2, 8, 8] as PyTorch has them; the flattened features stand in channels-last order."""
    return nn.Sequential(nn.Conv2d(2, 4, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(4, 5, 4, 2, 1), nn.SiLU(), FlattenChannelsLast(),
                         nn.Linear(2 * 2 * 5, 1))


def gradient_penalties(file):
    """Case `gradient_penalty.<critic>.<sides>`: real, fake [N, ...], epsilon [N], the critic's parameters by their Sequential names
    ("0.weight"), norms [N] of the critic's gradient at epsilon * real + (1 - epsilon) * fake, y = 10 * mean((norm - 1)^2) or, one-sided,
    10 * mean(max(norm - 1, 0)^2), and its gradients ("d_0.weight"), absent where identically zero."""
    for critic_name, make, shape, scale in [("mlp", mlp_critic, (6, 6), 0.45), ("convolution", convolution_critic, (6, 8, 8, 2), 0.27)]:
        case = f"gradient_penalty.{critic_name}"
        critic, parameters = make(), {}
        for name, parameter in critic.named_parameters():
            convolution_weight = parameter.dim() == 4
            own = kernel_shape(parameter.shape) if convolution_weight else tuple(parameter.shape)
            parameters[name] = scale * random(f"{case}.{name}", *own)  # in eigan's layout
            parameter.data.copy_(kernel_first(parameters[name]) if convolution_weight else parameters[name])
        real, fake = random(f"{case}.real", *shape), 2 * random(f"{case}.fake", *shape) + 0.3
        epsilon = torch.from_numpy(numpy.random.RandomState(7).uniform(size=shape[0]))
        weight = epsilon.reshape(-1, *[1] * (len(shape) - 1))
        between = (weight * real + (1 - weight) * fake).requires_grad_()
        gradient, = torch.autograd.grad(critic(channels_first(between)).sum(), between, create_graph=True)
        norms = gradient.flatten(1).norm(2, 1)
        assert (norms > 1.02).any() and (norms < 0.98).any() and (norms - 1).abs().min() > 0.01, norms
        for sides, excess in [("two_sided", norms - 1), ("one_sided", (norms - 1).clamp(min=0))]:
            penalty = 10 * excess.square().mean()
            gradients = torch.autograd.grad(penalty, list(critic.parameters()), retain_graph=True, allow_unused=True)
            named = f"{case}.{sides}"
            file.configure(named, critic=critic_name, sides=sides, weight=10)
            for name, tensor in {"real": real, "fake": fake, "epsilon": epsilon, **parameters, "norms": norms, "y": penalty}.items():
                file.add(f"{named}.{name}", tensor)
            for name, d in zip(parameters, gradients):
                if d is not None and d.abs().max() > 0:
                    file.add(f"{named}.d_{name}", d.permute(2, 3, 1, 0) if d.dim() == 4 else d)


def add_cases(file):
    adversarial_losses(file)
    gradient_penalties(file)
