hypercuboid 1
# What stands before `:` is the label; else the name; else what the list would say, here the value.
# expect S: weights 3, groups 1, architectures 3
# expect T: weights 3, groups 1, architectures 3
# decision S: out.act | act: relu; soft; tanh
# decision T: out.k | k: 1; 3; five
use std.ops { relu, tanh, softmax, conv }

let five = 5

block Flex() on x {
  let k = choose { 1, 3, five }
  out x -> conv(2, k)
}

space S() on x: image(3, 8, 8) { out x -> choose act { relu, soft: softmax, tanh } }
space T() on x: image(3, 8, 8) { out x -> Flex }
