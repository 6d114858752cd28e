hypercuboid 1
# error HC6004 at 3:1
use "../valid/strings.hc" { S }
