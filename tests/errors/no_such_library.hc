hypercuboid 1
use std.blcks { Fit }
