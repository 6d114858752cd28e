hypercuboid 1
# Sixteen levels of blocks that use the one below twice would be 65,536 convolutions: each level is made once.
#   macs: 2 ** 16 uses of 1 * 1 * 4 * 4 pixels
# expect S: params 65536, macs 1048576
use std.ops { conv }

block B0() on x { out x -> conv(1) }
block B1() on x { out x -> B0 -> B0 }
block B2() on x { out x -> B1 -> B1 }
block B3() on x { out x -> B2 -> B2 }
block B4() on x { out x -> B3 -> B3 }
block B5() on x { out x -> B4 -> B4 }
block B6() on x { out x -> B5 -> B5 }
block B7() on x { out x -> B6 -> B6 }
block B8() on x { out x -> B7 -> B7 }
block B9() on x { out x -> B8 -> B8 }
block B10() on x { out x -> B9 -> B9 }
block B11() on x { out x -> B10 -> B10 }
block B12() on x { out x -> B11 -> B11 }
block B13() on x { out x -> B12 -> B12 }
block B14() on x { out x -> B13 -> B13 }
block B15() on x { out x -> B14 -> B14 }
block B16() on x { out x -> B15 -> B15 }

space S() on x: image(1, 4, 4) { out x -> B16 }
