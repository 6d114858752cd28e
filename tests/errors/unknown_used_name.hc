hypercuboid 1
use std.blocks { SharpSepCon }
