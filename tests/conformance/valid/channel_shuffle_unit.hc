hypercuboid 1
# A ShuffleNet unit: half of the channels passes, the other half is convolved; 4 * 4 + 4 * 9 + 4 * 4 and 3 bn of 8.
# expect S: params 92
use std.ops { conv, dwconv, bn, relu, split, channel_shuffle }

space S() on x: image(8, 8, 8) {
  let parts = x -> split(2)
  let y = parts[1] -> conv(4) -> bn -> relu -> dwconv -> bn -> conv(4) -> bn -> relu
  out concat(parts[0], y) -> channel_shuffle(2)
}
