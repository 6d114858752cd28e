hypercuboid 1
# A block that is an argument may be a choice; its decision belongs to where it is written.
#   Sandwich uses it twice with weights of their own: 2 * (3 * 3 + 3 * 3 * 9) = 180, between them bn 6
# expect S: weights 2, groups 1, architectures 2, params 186
# decision S: out.f | f: one; three
use std.ops { conv, bn }

block Sandwich(f: block) on x { out x -> f -> bn -> f }

space S() on x: image(3, 8, 8) {
  out x -> Sandwich(choose f { one: conv(3), three: conv(3, 3) })
}
