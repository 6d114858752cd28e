hypercuboid 1
# A declared input may be sized by arguments and parameters: linear d * h + h, or tokens through embed.
# expect S: params 36
# expect S -p d=16: params 68
# expect T: params 80
# expect T -p vocab=100: params 800
use std.ops { linear, embed }

param vocab: int = 10

space S(d: int = 8, h: int = 4) on x: vector(d) { out x -> linear(h) }
space T() on x: tokens(5, vocab) { out x -> embed(vocab, 8) }
