hypercuboid 1
use std.ops { conv }
let conv = 3
