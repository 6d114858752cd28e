hypercuboid 1
# A list of another file goes through a choice; its elements are labelled by their names there.
#   Unit(5): 3 * 5 * 9 + 10 = 145; Plain(5): 15
# expect S: weights 2, groups 1, architectures 2, params 160
# expect A: params 15
# decision S: out.op | op: Unit; Plain
use "./used/blocks.hc" { both }

space S() on x: image(3, 8, 8) {
  out x -> choose op in both { op(5) }
}

arch A of S() {
  pick out.op = Plain
}
