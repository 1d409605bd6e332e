"""Timed PyTorch work on request, with the protocol of step_server.cpp ("step N"; also "about").

usage: torch_server.py CASE BATCH VARIANT, where a step's variants are
  plain          as people write it
  frozen         without gradients of the discriminator's weights in the generator's update
  channels_last  frozen, weights and data in channels-last order
  foreach        frozen, Adam(foreach=True)
  best           all of these
and sampling's are plain, channels_last, jit (traced, frozen and optimised for inference), best (both).
"""
import json
import os
import sys
import time

import torch
from torch.nn import functional

from torch_models import BUILDERS, LATENTS, cifar_generator


def adam(model, variant):
    extra = {"foreach": True} if variant in ("foreach", "best") else {}
    return torch.optim.Adam(model.parameters(), lr=2e-4, betas=(0.5, 0.999), **extra)


class Training:
    """One update of each network, the generated batch shared by both; with a penalty, five critic updates and one."""

    def __init__(self, case, batch, variant):
        self.batch, self.frozen = batch, variant != "plain"
        self.generator, self.discriminator, sample = BUILDERS[case]()
        self.real = torch.rand(batch, *sample) * 2 - 1
        if variant in ("channels_last", "best") and len(sample) == 3:
            self.generator.to(memory_format=torch.channels_last)
            self.discriminator.to(memory_format=torch.channels_last)
            self.real = self.real.contiguous(memory_format=torch.channels_last)
        self.generator_adam, self.discriminator_adam = adam(self.generator, variant), adam(self.discriminator, variant)
        self.ones, self.zeros = torch.ones(batch, 1), torch.zeros(batch, 1)
        self.latent = LATENTS.get(case, 100)
        games = {"wgangp_cifar": self.wasserstein, "sngan_cifar": self.hinge, "r3gan_cifar": self.r3gan}
        self.step = games.get(case, self.non_saturating)

    def generate(self):
        return self.generator(torch.randn(self.batch, self.latent))

    def update(self, optimizer, loss):
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        optimizer.step()

    def update_generator(self, loss):
        self.discriminator.requires_grad_(not self.frozen)
        self.update(self.generator_adam, loss)
        self.discriminator.requires_grad_(True)

    def non_saturating(self):
        entropy = functional.binary_cross_entropy_with_logits
        fake = self.generate()
        self.update(self.discriminator_adam, lambda: entropy(self.discriminator(self.real), self.ones)
                    + entropy(self.discriminator(fake.detach()), self.zeros))
        self.update_generator(lambda: entropy(self.discriminator(fake), self.ones))

    def hinge(self):
        fake = self.generate()
        self.update(self.discriminator_adam, lambda: functional.relu(1 - self.discriminator(self.real)).mean()
                    + functional.relu(1 + self.discriminator(fake.detach())).mean())
        self.update_generator(lambda: -self.discriminator(fake).mean())

    def slope(self, samples):
        """The samples' logits, and the mean of their squared gradients, to be differentiated once more."""
        samples = samples.detach().requires_grad_(True)
        logits = self.discriminator(samples)
        gradient, = torch.autograd.grad(logits.sum(), samples, create_graph=True)
        return logits, gradient.square().flatten(1).sum(1).mean()

    def r3gan(self):
        fake = self.generate()

        def loss():
            (on_real, real_slope), (on_fake, fake_slope) = self.slope(self.real), self.slope(fake)
            return functional.softplus(on_fake - on_real).mean() + 0.025 * (real_slope + fake_slope)
        self.update(self.discriminator_adam, loss)

        def generator_loss():
            with torch.no_grad():
                on_real = self.discriminator(self.real)
            return functional.softplus(on_real - self.discriminator(fake)).mean()
        self.update_generator(generator_loss)

    def critic_loss(self):
        with torch.no_grad():
            fake = self.generate()
        weight = torch.rand(self.batch, 1, 1, 1)
        mixed = (weight * self.real + (1 - weight) * fake).requires_grad_(True)
        gradient, = torch.autograd.grad(self.discriminator(mixed).sum(), mixed, create_graph=True)
        penalty = ((gradient.flatten(1).norm(2, dim=1) - 1) ** 2).mean()
        return self.discriminator(fake).mean() - self.discriminator(self.real).mean() + 10 * penalty

    def wasserstein(self):
        for _ in range(5):
            self.update(self.discriminator_adam, self.critic_loss)
        self.update_generator(lambda: -self.discriminator(self.generate()).mean())


def sampling(batch, variant):
    generator = cifar_generator().eval()
    if variant in ("channels_last", "best"):
        generator.to(memory_format=torch.channels_last)
    if variant in ("jit", "best"):
        generator = torch.jit.optimize_for_inference(
            torch.jit.freeze(torch.jit.trace(generator, torch.randn(batch, 100))))

    def sample():
        with torch.inference_mode():
            return generator(torch.randn(batch, 100))
    return sample


def about():
    with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
        blas = sorted({os.path.basename(line.split()[-1]) for line in maps if "blas" in line})
    return json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(),
                       "blas": blas})


def main():
    case, batch, variant = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    torch.manual_seed(1)
    step = sampling(batch, variant) if case == "sample_cifar" else Training(case, batch, variant).step
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "about":
            print(about(), flush=True)
            continue
        count = int(line.split()[1])
        start = time.perf_counter()
        for _ in range(count):
            step()
        print((time.perf_counter() - start) / count, flush=True)


main()
