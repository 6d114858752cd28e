hypercuboid 1
# What a file uses itself does not come along.
# error HC2002 at 4:24
use "./used/fine.hc" { conv }
