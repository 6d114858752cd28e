hypercuboid 1
# A recurrent language model whose cell is searched (DARTS, Liu et al. 2019, Sec. 2.1 and 3.2): the next token at each
# position. The same cell, with one set of weights and of decisions, runs at each position.
use std.ops { embed, dropout, linear, zeros }
use "./rnn.hc" { RnnCell }

param vocab: int = 10000 in 2..1000001
param length: int = 35 in 1..1000001
param width: int = 850 in 1..100001

## Small: -p vocab=11 -p length=4 -p width=6
space RnnLanguageModel(drop: float = 0.2) on x: tokens(length, vocab) {
  cell Cell = RnnCell(width)
  node words = x -> embed(vocab, width) -> dropout(drop)
  node states = scan h from words -> zeros(width) over word in words { (word, h) -> Cell }
  out states -> dropout(drop) -> linear(vocab)
}

## The published recurrent cell, first order.
arch DARTS_V1_RNN of RnnLanguageModel() {
  pick Cell.s[1].out.f = [0: relu]
  pick Cell.s[2].out.f = [1: relu]
  pick Cell.s[3].out.f = [2: tanh]
  pick Cell.s[4].out.f = [3: relu]
  pick Cell.s[5].out.f = [4: relu]
  pick Cell.s[6].out.f = [1: identity]
  pick Cell.s[7].out.f = [5: relu]
  pick Cell.s[8].out.f = [1: relu]
}

## The published recurrent cell, second order.
arch DARTS_V2_RNN of RnnLanguageModel() {
  pick Cell.s[1].out.f = [0: sigmoid]
  pick Cell.s[2].out.f = [1: relu]
  pick Cell.s[3].out.f = [1: relu]
  pick Cell.s[4].out.f = [1: identity]
  pick Cell.s[5].out.f = [2: tanh]
  pick Cell.s[6].out.f = [5: sigmoid]
  pick Cell.s[7].out.f = [3: tanh]
  pick Cell.s[8].out.f = [5: relu]
}
