hypercuboid 1
# Two layers of attention; each chooses its heads, and a mixing layer of width 8 or 16.
#   norm 16, q k v and out: 4 * (64 + 8) = 288; norm 16; mlp: 8 * m + m + m * 8 + 8: m = 8: 144, m = 16: 280
#   heads 1 or 2 in copies of the block of one value decision: 2 * (16 + 288); mlp both: 16 + 144 + 16 + 280
# expect S: weights 8, groups 4, architectures 16, params 2128
# expect A: params 1200
#   2 * (16 + 288) + 2 * (16 + 280)
use std.ops { linear, attention, layer_norm, gelu }

block Mix() on x {
  let heads = choose { one: 1, two: 2 }
  let y = x -> layer_norm
  out x + ((y -> linear(x.c), y -> linear(x.c), y -> linear(x.c)) -> attention(heads) -> linear(x.c))
}

block Mlp() on x {
  let m = choose { same: x.c, twice: 2 * x.c }
  out x + (x -> layer_norm -> linear(m) -> gelu -> linear(x.c))
}

space S() on x: sequence(6, 8) {
  out x -> chain layer in 0..2 { Mix -> Mlp }
}

arch A of S() {
  pick out.heads = [two, one]
  pick out.m = [twice, twice]
}
