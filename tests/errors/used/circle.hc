hypercuboid 1
use "./again.hc" { C }
