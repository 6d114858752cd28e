hypercuboid 1
# embed 20 * 8, position 5 * 8, a mixing layer linear 8 * 8 + 8 or none, linear 8 * 20 + 20.
# expect S: weights 2, groups 1, architectures 2, params 452, params_range 380..452
# expect A: params 452
use std.ops { embed, position, linear, identity, tanh }

space S(vocab: int = 20) on x: tokens(5, vocab) {
  out x -> embed(vocab, 8) -> position(5)
    -> choose mix { linear: linear(8) -> tanh, none: identity }
    -> linear(vocab)
}

arch A of S() {
  pick out.mix = linear
}
