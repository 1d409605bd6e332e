"""The networks of support/cases.hpp in PyTorch."""
from torch import nn
from torch.nn.utils import spectral_norm


def up(channels, out, last=False):
    layers = [nn.ConvTranspose2d(channels, out, 4, 2, 1, bias=last)]
    return layers + ([nn.Tanh()] if last else [nn.BatchNorm2d(out), nn.ReLU(True)])


def down(channels, out, norm=True):
    layers = [nn.Conv2d(channels, out, 4, 2, 1, bias=not norm)]
    return layers + ([nn.BatchNorm2d(out)] if norm else []) + [nn.LeakyReLU(0.2, True)]


def dense_start(channels, size, latent=100):
    return [nn.Linear(latent, channels * size * size, bias=False), nn.Unflatten(1, (channels, size, size)),
            nn.BatchNorm2d(channels), nn.ReLU(True)]


def mlp_mnist():
    generator = nn.Sequential(
        nn.Linear(100, 256), nn.LeakyReLU(0.2, True),
        nn.Linear(256, 512), nn.BatchNorm1d(512), nn.LeakyReLU(0.2, True),
        nn.Linear(512, 1024), nn.BatchNorm1d(1024), nn.LeakyReLU(0.2, True),
        nn.Linear(1024, 784), nn.Tanh())
    discriminator = nn.Sequential(
        nn.Linear(784, 512), nn.LeakyReLU(0.2, True), nn.Linear(512, 256), nn.LeakyReLU(0.2, True), nn.Linear(256, 1))
    return generator, discriminator, (784,)


def dcgan_mnist():
    generator = nn.Sequential(*dense_start(128, 7), *up(128, 64), *up(64, 1, last=True))
    discriminator = nn.Sequential(*down(1, 64, norm=False), *down(64, 128), nn.Flatten(), nn.Linear(128 * 7 * 7, 1))
    return generator, discriminator, (1, 28, 28)


def cifar_generator():
    return nn.Sequential(*dense_start(256, 4), *up(256, 128), *up(128, 64), *up(64, 3, last=True))


def dcgan_cifar():
    discriminator = nn.Sequential(*down(3, 64, norm=False), *down(64, 128), *down(128, 256),
                                  nn.Flatten(), nn.Linear(256 * 4 * 4, 1))
    return cifar_generator(), discriminator, (3, 32, 32)


def dcgan_64():
    generator = nn.Sequential(
        nn.Unflatten(1, (100, 1, 1)), nn.ConvTranspose2d(100, 512, 4, 1, 0, bias=False), nn.BatchNorm2d(512),
        nn.ReLU(True), *up(512, 256), *up(256, 128), *up(128, 64),
        nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh())
    discriminator = nn.Sequential(
        nn.Conv2d(3, 64, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True), *down(64, 128), *down(128, 256),
        *down(256, 512), nn.Conv2d(512, 1, 4, 1, 0, bias=False), nn.Flatten())
    return generator, discriminator, (3, 64, 64)


def wgangp_cifar():
    # LeakyReLU not in place: the graph is differentiated twice.
    discriminator = nn.Sequential(
        nn.Conv2d(3, 64, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(64, 128, 4, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(128, 256, 4, 2, 1), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(256 * 4 * 4, 1))
    return cifar_generator(), discriminator, (3, 32, 32)


def sngan_cifar():
    generator = nn.Sequential(*dense_start(512, 4, latent=128), *up(512, 256), *up(256, 128), *up(128, 64),
                              nn.Conv2d(64, 3, 3, 1, 1), nn.Tanh())
    layers = []
    for channels, out, kernel in ((3, 64, 3), (64, 64, 4), (64, 128, 3), (128, 128, 4), (128, 256, 3), (256, 256, 4),
                                  (256, 512, 3)):
        layers += [spectral_norm(nn.Conv2d(channels, out, kernel, 2 if kernel == 4 else 1, 1)),
                   nn.LeakyReLU(0.1, True)]
    discriminator = nn.Sequential(*layers, nn.Flatten(), spectral_norm(nn.Linear(512 * 4 * 4, 1)))
    return generator, discriminator, (3, 32, 32)


def r3gan_cifar():
    return wgangp_cifar()


BUILDERS = {build.__name__: build for build in (mlp_mnist, dcgan_mnist, dcgan_cifar, dcgan_64, wgangp_cifar,
                                                sngan_cifar, r3gan_cifar)}
LATENTS = {"sngan_cifar": 128}  # 100 where it is not said
