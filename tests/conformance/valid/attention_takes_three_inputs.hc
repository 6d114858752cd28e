hypercuboid 1
# attention has no weights of its own: 3 projections 16 * 16 + 16 = 272 each, one after it, layer_norm 32.
# expect Block --input x=10x16: params 1120
use std.ops { linear, attention, layer_norm }

block Block(heads: int = 4) on x {
  let y = x -> layer_norm
  let d = x.c
  out x + ((y -> linear(d), y -> linear(d), y -> linear(d)) -> attention(heads, causal = true) -> linear(d))
}
