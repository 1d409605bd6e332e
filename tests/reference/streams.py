"""eigan's random streams, said once more: Philox 4x32-10 (Salmon et al. 2011) under a key made of seed and name."""
import math

import torch

mask32, mask64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF


def philox(counter, key):
    for _ in range(10):
        first, second = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [(second >> 32) ^ counter[1] ^ key[0], second & mask32, (first >> 32) ^ counter[3] ^ key[1], first & mask32]
        key = [(key[0] + 0x9E3779B9) & mask32, (key[1] + 0xBB67AE85) & mask32]
    return counter


def halves(number):
    return [number & mask32, number >> 32]


class Stream:
    def __init__(self, seed, name):
        hash = 0xCBF29CE484222325
        for byte in name.encode():
            hash = (hash ^ byte) * 0x100000001B3 & mask64
        self.key, self.counter = philox([*halves(hash), 0, 0], halves(seed))[:2], 0

    def block(self):
        self.counter += 1
        return philox([*halves(self.counter - 1), 0, 0], self.key)

    def below(self, bound):
        while True:
            words = self.block()
            drawn = words[1] << 32 | words[0]
            if drawn < mask64 - mask64 % bound:
                return drawn % bound

    def pairs(self, shape, pair_of):
        count, numbers = math.prod(shape), []
        while len(numbers) < count:
            w = self.block()
            numbers += pair_of(*((high << 32 | low) // 2**11 * 2.0**-53 for low, high in [w[:2], w[2:]]))
        return torch.tensor(numbers[:count]).reshape(shape)

    def uniform(self, *shape):
        return self.pairs(shape, lambda a, b: [a, b])

    def normal(self, *shape):
        def box_muller(a, b):
            radius = math.sqrt(-2 * math.log(1 - a))
            return [radius * math.cos(2 * math.pi * b), radius * math.sin(2 * math.pi * b)]

        return self.pairs(shape, box_muller)
