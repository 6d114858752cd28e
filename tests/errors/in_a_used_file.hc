hypercuboid 1
use std.ops { gap }
use std.blocks { AuxiliaryHead }
use "./used/stage.hc" { Stage }
block Two(c: int) on x { out x -> Stage(c) -> Stage(c + 4) }
let width = 6
space S() on x: image(4, 8, 8) { out x -> Two(8) -> gap }
space T() on x: image(3, 8, 8) { out x -> Stage(width) -> gap }
space U() on x: image(3, 4, 4) { out x -> AuxiliaryHead(10) }
