hypercuboid 1
# A `let` inside is evaluated per alternative. mid = max(a, b): a * mid + mid * b.
#   2-2: 4 + 4, 2-4: 8 + 16, 4-2: 16 + 8, 4-4: 16 + 16: 88 per layer; stems 6 + 12, ends 2 + 4
# expect S: weights 8, groups 2, architectures 8, params 200
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node stem[c in [2, 4]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [2, 4]
    depth layer in 0..2
    let mid = max(a, b)
    let y = h[a] -> conv(mid)
    out y -> conv(b)
  }
  out sum c in [2, 4] { h[c] -> conv(1) }
}
