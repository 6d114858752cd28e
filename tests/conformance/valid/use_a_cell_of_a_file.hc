hypercuboid 1
# A cell of another file shares its decision over everything that uses it: 2 uses of 9 + 81.
# expect S: weights 2, groups 1, architectures 2, params 180
# decision S: Shared.k | k: k1; k3
use "./used/blocks.hc" { Shared }

space S() on x: image(3, 8, 8) {
  let y = x -> Shared
  out y -> Shared
}
