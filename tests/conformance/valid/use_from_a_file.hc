hypercuboid 1
# Names of another file; what that file uses itself does not come along.
#   Unit: 3 * 4 * 9 + 8 = 116; Unit(6, 1): 4 * 6 + 12 = 36; Plain(2): 12
# expect S: params 164
use "./used/blocks.hc" { Unit, Plain, base }

space S() on x: image(3, 8, 8) {
  require base == 4
  out x -> Unit -> Unit(6, 1) -> Plain(2)
}
