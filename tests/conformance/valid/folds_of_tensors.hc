hypercuboid 1
# sum, mean and concat over lists, families, slices and arguments; a fold of one tensor is that tensor.
#   n: 3 * 2 three times: 18; concat of 6 channels -> linear on gap: 6 * 2 + 2
# expect S: params 32
use std.ops { conv, gap, linear }

space S() on x: image(3, 8, 8) {
  node n[i in 0..3] = x -> conv(2)
  let a = sum(n[0], n[1])
  let b = mean(n)
  let c = concat(n[1..])
  require a.c == 2 and b.c == 2 and c.c == 4 and (concat(n)).c == 6 and (sum i in 0..1 { n[i] }).c == 2
  out concat(a + b, c) -> gap -> linear(2)
}
